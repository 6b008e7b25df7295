//! The structure of the source, as CONTRIBUTING describes it: data flows one way, and files stay short.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Lines that a file of `src` may have.
const LINES: usize = 400;

/// A module: the names that lead to it from the root of the crate.
type Module = Vec<String>;

/// All files of a directory, and of those inside of it.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The modules of the library and their source, without comments and without unit tests.
fn modules() -> BTreeMap<Module, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = BTreeMap::new();
    for path in files(&src) {
        let relative = path.strip_prefix(&src).unwrap().with_extension("");
        let module: Module = relative.iter().map(|name| name.to_str().unwrap().to_string()).collect();
        let is_test = module.iter().any(|name| name == "tests");
        if path.extension().is_none_or(|extension| extension != "rs") || is_test || module[0] == "main" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let lines = text.lines().map(|line| line.split("//").next().unwrap());
        let module = if module == ["lib"] { Vec::new() } else { module };
        modules.insert(module, lines.collect::<Vec<_>>().join("\n"));
    }
    modules
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn expanded(path: &str) -> Vec<String> {
    let Some((before, inside)) = path.split_once('{') else { return vec![path.trim().to_string()] };
    let inside = inside.trim().strip_suffix('}').unwrap_or(inside);
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for letter in inside.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(letter);
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| expanded(part)).map(|part| before.trim().to_string() + &part).collect()
}

/// A path from the root of the crate, if it leads into the crate.
fn absolute(path: &str, module: &Module, modules: &BTreeMap<Module, String>) -> Option<Module> {
    let path = path.split(" as ").next().unwrap();
    let mut names: Vec<&str> = path.split("::").map(str::trim).filter(|name| *name != "self").collect();
    let child = |name: &str| modules.contains_key(&[module.as_slice(), &[name.to_string()]].concat());
    let mut base = module.clone();
    match names.first() {
        Some(&"crate") => {
            base.clear();
            names.remove(0);
        }
        Some(&"super") => {
            while names.first() == Some(&"super") {
                base.pop();
                names.remove(0);
            }
        }
        Some(name) if path.starts_with("self") || child(name) => {}
        _ => return None,
    }
    base.extend(names.into_iter().map(String::from));
    Some(base)
}

/// What a file uses: paths of its imports, those that it exports again, and paths that stand in its code.
fn paths(module: &Module, modules: &BTreeMap<Module, String>) -> (Vec<Module>, Vec<Module>) {
    let (mut uses, mut exports) = (Vec::new(), Vec::new());
    let mut code = String::new();
    for statement in modules[module].split_inclusive(';') {
        let import = statement.find("use ").filter(|at| {
            let before = statement[..*at].rsplit('\n').next().unwrap().trim();
            before.is_empty() || before.starts_with("pub")
        });
        let Some(at) = import else {
            code += statement;
            continue;
        };
        code += &statement[..at];
        let exported = statement[..at].rsplit('\n').next().unwrap().trim().starts_with("pub");
        let found = expanded(statement[at + 4..].trim_end_matches(';'));
        let found = found.iter().filter_map(|path| absolute(path, module, modules));
        if exported { &mut exports } else { &mut uses }.extend(found);
    }
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let words = code.split(|letter| !is_path(letter));
    let inline = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
    uses.extend(inline.filter_map(|path| absolute(path, module, modules)));
    (uses, exports)
}

/// The file that defines what a path names, through the files that export it again.
fn definition(path: &[String], modules: &BTreeMap<Module, String>, exports: &BTreeMap<Module, Module>) -> Module {
    let file = (0..=path.len()).rev().find(|length| modules.contains_key(&path[..*length])).unwrap();
    let exported =
        path.get(..=file).and_then(|name| exports.get(name)).filter(|exported| exported[..] != path[..=file]);
    match exported {
        Some(exported) => definition(&[exported, &path[file + 1..]].concat(), modules, exports),
        None => path[..file].to_vec(),
    }
}

#[test]
fn data_flows_one_way() {
    let modules = modules();
    let all: BTreeMap<&Module, _> = modules.keys().map(|module| (module, paths(module, &modules))).collect();
    let mut exports = BTreeMap::new();
    for (module, (_, exported)) in &all {
        for path in exported {
            let name = [module.as_slice(), &path[path.len() - 1..]].concat();
            exports.insert(name, path.clone());
        }
    }
    // The files that each file uses.
    let mut uses: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, (paths, _)) in &all {
        let used = paths.iter().map(|path| definition(path, &modules, &exports));
        uses.insert(module, used.filter(|other| other != *module).collect());
    }
    let arrows: usize = uses.values().map(BTreeSet::len).sum();
    assert!(modules.len() > 400 && arrows > 2000, "{} files, {arrows} arrows: are they found?", modules.len());
    // Takes away files that use no other or that no other uses, until only circles are left.
    loop {
        let used: BTreeSet<Module> = uses.values().flatten().cloned().collect();
        let Some(module) = uses.iter().find(|(module, uses)| uses.is_empty() || !used.contains(**module)) else {
            break;
        };
        let module = *module.0;
        uses.remove(module);
        uses.values_mut().for_each(|used| {
            used.remove(module);
        });
    }
    let left: Vec<String> = uses.iter().map(|(module, used)| format!("{module:?} uses {used:?}")).collect();
    assert!(left.is_empty(), "files that use one another:\n{}", left.join("\n"));
}

#[test]
fn files_are_short() {
    let src = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let code = src.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    for path in code {
        let lines = std::fs::read_to_string(path).unwrap().lines().count();
        assert!(lines <= LINES, "{} has {lines} lines: which part of it has a name of its own?", path.display());
    }
}
