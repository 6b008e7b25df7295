//! Compares searches with exhaustive search.

use maestrino::dataflow::presets::Preset;
use maestrino::host::campaign::accelerators::{self, Accelerator};
use maestrino::host::campaign::{Campaign, Costing, DesignSpace, NamedDataflow, Objective, Takes, Workload};
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::ids::DataflowId;
use maestrino::host::search::adaptive::Adaptive;
use maestrino::host::search::compare::{Plan, Query, all, compare, curve};
use maestrino::host::search::evolve::{self, CoDesign, Effort};
use maestrino::host::search::exhaustive::Exhaustive;
use maestrino::host::search::methods::Method;
use maestrino::host::search::problem::{Problem, ProblemError};
use maestrino::host::search::query::{Figures, Limits};
use maestrino::host::spaces::accuracy::Accuracy;
use maestrino::host::spaces::random::PythonRandom;
use maestrino::host::spaces::{self, Space};
use maestrino::{Dim, EnergyTable, Hardware, Layer, LayerKind, Noc, Silicon};

fn dataflows(presets: &[Preset]) -> Vec<NamedDataflow> {
    let named = |preset: &Preset| NamedDataflow {
        name: preset.name().to_string(),
        choice: DataflowChoice::preset(preset.tiling(), false),
    };
    presets.iter().map(named).collect()
}

const STUDY: [Preset; 3] = [Preset::KcpWs, Preset::Rs, Preset::XpWs];

fn campaign(workload: Workload, accelerators: Vec<Accelerator>, presets: &[Preset]) -> Campaign {
    let costing = Costing::Maestro(EnergyTable::REFERENCE);
    Campaign {
        workload,
        designs: DesignSpace { accelerators, dataflows: dataflows(presets), mappings: None, mixed: None },
        costing,
    }
}

/// The first networks of a space's selection on every `every`-th of the study's accelerators, with the built-in
/// score.
fn study(name: &str, networks: usize, every: usize) -> Problem {
    let space = spaces::by_name(name).unwrap();
    let ids = &space.selected()[..networks];
    let genomes = space.with_ids(ids).unwrap();
    let mut workload = Workload::new();
    for (id, genome) in ids.iter().zip(&genomes) {
        workload.push(id.to_string(), &space.layers(genome));
    }
    let accelerators = accelerators::study().into_iter().step_by(every).collect();
    let accuracy = genomes.iter().map(|genome| space.surrogate(genome).unwrap()).collect();
    let macs = genomes.iter().map(|genome| space.macs(genome)).collect();
    Problem::new(campaign(workload, accelerators, &STUDY), accuracy, macs).unwrap()
}

/// A few networks of a few random layers, on accelerators of random sizes.
fn random_problem(random: &mut PythonRandom, exact: bool) -> Problem {
    let pool: Vec<Layer> = (0..12)
        .map(|_| {
            let filter = *random.choice(&[1, 3, 5]);
            let extent = filter + random.below(20);
            let (c, k) = (1 + random.below(90), 1 + random.below(90));
            let depthwise = random.below(3) == 0;
            let (kind, k) = if depthwise { (LayerKind::DsConv, 1) } else { (LayerKind::Conv, k) };
            let window = [(Dim::R, filter), (Dim::S, filter), (Dim::Y, extent), (Dim::X, extent)];
            let dims: Vec<_> = [(Dim::K, k), (Dim::C, c)].into_iter().chain(window).collect();
            let stride = 1 + random.below(2);
            Layer::strided(kind, &dims, stride, stride).unwrap()
        })
        .collect();
    let mut workload = Workload::new();
    let networks = 1 + random.below(25) as usize;
    for network in 0..networks {
        let layers: Vec<Layer> = (0..=random.below(8)).map(|_| *random.choice(&pool)).collect();
        workload.push(network.to_string(), &layers);
    }
    let accelerators = (0..1 + random.below(5)).map(|place| {
        let noc = Noc { bandwidth: 1 + random.below(300), latency: random.below(4) };
        let hardware = Hardware::new(8 + random.below(600)).unwrap().with_noc(noc).unwrap();
        let mut hardware = hardware.with_offchip_bandwidth(1 + random.below(200)).unwrap();
        if exact {
            // About half of the buffers are too small for some of the layers.
            hardware = hardware.with_buffers(60 + random.below(600), 2000 + random.below(40_000));
        }
        Accelerator { name: place.to_string(), hardware: hardware.with_simd_lanes(1 + random.below(2)).unwrap() }
    });
    let accelerators = accelerators.collect();
    let mut campaign = campaign(workload, accelerators, &STUDY);
    if exact {
        campaign.costing = Costing::Exact(EnergyTable::REFERENCE);
    }
    if random.below(3) == 0 {
        campaign.designs.mixed = Some(*random.choice(&Objective::ALL));
    }
    // There are few values, so that ties occur.
    let accuracy = (0..networks).map(|_| 70.0 + f64::from(random.below(12)) / 4.0).collect();
    let macs = (0..networks).map(|_| u64::from(random.below(9))).collect();
    Problem::new(campaign, accuracy, macs).unwrap()
}

/// Limits on some of the figures, close to those of a random network on a random design.
fn random_limits(exhaustive: &Exhaustive, random: &mut PythonRandom) -> Limits {
    let designs = exhaustive.problem().designs().len() as u32;
    let design = random.below(designs) as usize;
    let usable: Vec<Figures> = exhaustive.figures(design).iter().copied().filter(Figures::is_usable).collect();
    let figures = *random.choice(&usable);
    let mut around = |figure: f64| match random.below(4) {
        0 => f64::INFINITY,
        1 => figure,
        _ => figure * (0.5 + random.random()),
    };
    Limits {
        latency: around(figures.cycles as f64),
        energy: around(figures.energy),
        edp: around(figures.edp()),
        area: around(figures.area),
        power: around(figures.power),
    }
}

#[test]
fn adaptive_search_is_exact_and_its_certificates_hold_in_10000_random_queries() {
    let [answered, certified, open, _] = random_queries(queries(10_000), false);
    // The test is meaningful: most queries have an answer, and some certificates are not 0.
    assert!(answered > 5000 && certified > 100 && open > 100, "{answered} {certified} {open}");
}

#[test]
fn the_same_holds_in_10000_by_the_exact_model_where_many_networks_do_not_fit() {
    let [answered, certified, open, unusable] = random_queries(queries(10_000), true);
    assert!(
        answered > 5000 && certified > 100 && open > 100 && unusable > 1000,
        "{answered} {certified} {open} {unusable}"
    );
}

/// The number of queries: `count`, or `CASES` if that is larger.
fn queries(count: usize) -> usize {
    std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).map_or(count, |cases: usize| cases.max(count))
}

/// The numbers of queries that have an answer, that got a certificate other than 0, and that were left open; and the
/// number of networks that could not run on a design.
fn random_queries(count: usize, exact_model: bool) -> [usize; 4] {
    let mut random = PythonRandom::new(1);
    let (mut queries, mut answered, mut certified, mut evaluations, mut open) = (0, 0, 0, 0, 0);
    let mut unusable = 0;
    while queries < count {
        let Ok(exhaustive) = Exhaustive::new(random_problem(&mut random, exact_model)) else { continue };
        let all = (0..exhaustive.problem().designs().len()).flat_map(|design| exhaustive.figures(design));
        unusable += all.filter(|figures| !figures.is_usable()).count();
        let designs = exhaustive.problem().designs().len();
        let tolerance = random.random();
        let mut exact = Adaptive::new(exhaustive.problem());
        let mut near = Adaptive::with_tolerance(exhaustive.problem(), tolerance);
        let mut short = Adaptive::new(exhaustive.problem()).with_budget(random.below(40) as usize);
        for _ in 0..100 {
            let limits = random_limits(&exhaustive, &mut random);
            let about: Vec<usize> = match random.below(2) {
                0 => (0..designs).collect(),
                _ => vec![random.below(designs as u32) as usize],
            };
            let best = exhaustive.best(&about, &limits);
            let answer = exact.answer(&about, &limits);
            assert_eq!((answer.choice, answer.missed), (best, Some(0.0)), "{limits:?}");
            for method in [&mut near, &mut short] {
                let answer = method.answer(&about, &limits);
                let missed = answer.missed.unwrap();
                match (best, answer.choice) {
                    (Some(best), Some(choice)) => {
                        assert!(best.accuracy - choice.accuracy <= missed, "{limits:?}");
                        assert!(limits.admit(&exhaustive.figures(choice.design)[choice.network]));
                        certified += usize::from(missed > 0.0);
                    }
                    (Some(_), None) => {
                        assert_eq!(missed, f64::INFINITY, "{limits:?}");
                        open += 1;
                    }
                    (None, choice) => assert_eq!(choice, None, "{limits:?}"),
                }
            }
            let missed = near.answer(&about, &limits).missed;
            assert!(missed <= Some(tolerance), "{missed:?} {tolerance}");
            answered += usize::from(best.is_some());
            queries += 1;
        }
        assert!(exact.counts().evaluations <= exhaustive.distinct_evaluations());
        evaluations += near.counts().evaluations;
    }
    assert!(evaluations > 0);
    println!(
        "{queries} queries, {answered} answered, {certified} certificates above 0, {open} left open, {unusable} unusable"
    );
    [answered, certified, open, unusable]
}

/// With the exact model, every answer of every method can be built: each layer fits L1 and L2 and performs exactly
/// its MACs, and area and power are those of the accelerator, whatever runs on it.
#[test]
fn answers_of_every_method_can_be_built() {
    let mut random = PythonRandom::new(3);
    let mut answers = 0;
    while answers < 2000 {
        let Ok(exhaustive) = Exhaustive::new(random_problem(&mut random, true)) else { continue };
        let problem = exhaustive.problem();
        let designs: Vec<usize> = (0..problem.designs().len()).collect();
        let workload = &problem.campaign().workload;
        for plan in all(&[0]) {
            let mut method = plan.start(&exhaustive, 4);
            for _ in 0..5 {
                let limits = random_limits(&exhaustive, &mut random);
                let Some(choice) = method.answer(&designs, &limits).choice else { continue };
                answers += 1;
                assert!(limits.admit(&choice.figures), "{plan:?}");
                let hardware = problem.design(choice.design).hardware;
                let pes = hardware.pes();
                let presets = match problem.designs()[choice.design].takes {
                    Takes::One(DataflowId(place)) => &STUDY[place..place + 1],
                    Takes::Best => &STUDY,
                };
                for &layer in workload.sequences().nth(choice.network).unwrap() {
                    let layer = &problem.layers()[layer as usize];
                    let built = |preset: &Preset| {
                        let dataflow = preset.tiling().for_kind(layer.kind()).dataflow(layer.kind()).unwrap();
                        let cost = maestrino::Cost::of(layer, &dataflow, &hardware);
                        cost.is_ok_and(|cost| cost.fits.all() && cost.operations == layer.operations().unwrap())
                    };
                    assert!(presets.iter().any(built), "{plan:?}: {layer:?} on {pes} PEs");
                }
                let (l1, l2) = (hardware.l1_bytes().into(), hardware.l2_bytes().into());
                let silicon = Silicon::new(pes, hardware.simd_lanes(), hardware.noc(0).bandwidth, l1, l2);
                assert_eq!((choice.figures.area, choice.figures.power), (silicon.area(), silicon.power()), "{plan:?}");
            }
        }
    }
}

/// The README's table at a reduced size: 60 networks of each space, 10 of the 50 accelerators, 25 limits each.
#[test]
fn the_table_of_all_methods_at_reduced_size() {
    for (space, networks) in [("nb301", 60), ("alphanet", 60)] {
        let exhaustive = Exhaustive::new(study(space, networks, 5)).unwrap();
        let designs = exhaustive.problem().designs().len();
        let proxies: Vec<usize> = (0..designs).collect();
        for queries in [Query::of_each_design(&exhaustive, 5), Query::of_all_designs(&exhaustive, 5)] {
            let scores = compare(&exhaustive, &queries, 5, &all(&proxies));
            assert_eq!(scores.len(), 5 + 2 * designs);
            for score in &scores {
                assert_eq!(score.queries, queries.len());
                assert_eq!(score.violations, 0, "{score:?}");
                assert!(score.exact + score.unanswered <= score.queries && score.counts.networks <= networks * designs);
            }
            let coupled = &scores[0];
            assert_eq!((coupled.exact, coupled.counts.networks), (coupled.queries, networks * designs));
            let adaptive = scores.last().unwrap();
            assert_eq!((adaptive.plan.name(), adaptive.exact, adaptive.max_regret), ("adaptive", queries.len(), 0.0));
            assert_eq!(adaptive.max_missed, Some(0.0));
            assert!(adaptive.counts.evaluations * 5 < coupled.counts.evaluations, "{:?}", adaptive.counts);
            // Semi-decoupled search is exact for the design that it searched.
            if queries.len() == 25 * designs {
                for proxy in &proxies {
                    let own: Vec<Query> = queries.iter().filter(|query| query.designs == [*proxy]).cloned().collect();
                    let score = compare(&exhaustive, &own, 5, &[Plan::SemiDecoupled(*proxy)])[0];
                    assert_eq!(score.exact, score.queries);
                }
                // On AlphaNet, rankings differ between dataflows.
                let missed = scores.iter().any(|score| score.plan.proxy().is_some() && score.exact < score.queries);
                assert!(missed || space == "nb301");
            }
            let curve = curve(&exhaustive, &queries, 5);
            assert!(curve.iter().all(|score| score.violations == 0));
            assert!(curve[7].counts.evaluations <= curve[0].counts.evaluations && curve[0].max_regret == 0.0);
        }
    }
}

#[test]
fn tasks_that_make_no_sense_are_refused() {
    let problem = study("nb301", 3, 25);
    let of = |accuracy: Vec<f64>, macs| Problem::new(problem.campaign().clone(), accuracy, macs).map(drop);
    assert_eq!(of(vec![90.0; 3], vec![1; 3]), Ok(()));
    assert_eq!(of(vec![90.0; 2], vec![1; 3]), Err(ProblemError::Accuracies { networks: 3, accuracies: 2 }));
    assert_eq!(of(vec![90.0; 3], vec![1; 4]), Err(ProblemError::Macs { networks: 3, macs: 4 }));
    let error = of(vec![90.0, f64::NAN, 91.0], vec![1; 3]).unwrap_err();
    assert!(matches!(error, ProblemError::NotANumber { place: 1, .. }));
    assert!(error.to_string().contains("(number 2 of the list)"), "{error}");
    let empty = campaign(Workload::new(), accelerators::study(), &STUDY);
    assert_eq!(Problem::new(empty, Vec::new(), Vec::new()).map(drop), Err(ProblemError::NoNetworks));
    let designs = DesignSpace { accelerators: Vec::new(), ..problem.campaign().designs.clone() };
    let nowhere = Campaign { designs, ..problem.campaign().clone() };
    assert_eq!(Problem::new(nowhere, vec![90.0; 3], vec![1; 3]).map(drop), Err(ProblemError::NoDesigns));
    let printed = Campaign { costing: Costing::MaestroCsv, ..problem.campaign().clone() };
    assert_eq!(Problem::new(printed, vec![90.0; 3], vec![1; 3]).map(drop), Err(ProblemError::OrderedEnergy));
    let mut small = problem.campaign().clone();
    small.designs.dataflows.truncate(1);
    small.designs.accelerators = vec![Accelerator { name: "small".to_string(), hardware: Hardware::new(16).unwrap() }];
    let unusable = Exhaustive::new(Problem::new(small, vec![90.0; 3], vec![1; 3]).unwrap()).map(drop).unwrap_err();
    assert!(unusable.to_string().contains("needs 64 PEs; the array has 16"), "{unusable}");
}

#[test]
fn one_network_is_the_answer_or_there_is_none() {
    let exhaustive = Exhaustive::new(study("tiny", 1, 10)).unwrap();
    let queries = Query::of_each_design(&exhaustive, 3);
    // If there is only one figure, all percentiles are equal to it.
    assert!(queries.iter().all(|query| query.best.is_some_and(|best| best.network == 0)));
    let proxies = [0];
    for score in compare(&exhaustive, &queries, 3, &all(&proxies)) {
        assert_eq!(score.exact, score.queries, "{:?}", score.plan);
    }
    let mut adaptive = Adaptive::new(exhaustive.problem());
    let answer = adaptive.answer(&[0], &Limits::of(0.0, 0.0));
    assert_eq!((answer.choice, answer.missed), (None, Some(0.0)));
}

fn evolved(space: &dyn Space, campaign: &Campaign, seed: u64, limits: Limits) -> Vec<(Vec<f64>, evolve::Candidate)> {
    let mut problem = CoDesign::new(space, &Accuracy::Builtin, campaign, &evolve::Objective::ALL, limits);
    problem.search(&Effort { population: 40, generations: 30, seed }, &|| ()).front
}

#[test]
fn evolution_beats_what_was_enumerated_and_keeps_to_its_limits() {
    let space = spaces::by_name("nb301").unwrap();
    let grid = accelerators::grid("pes=32:64:128:256,noc=100..900:200,offchip=50:200:350").unwrap();
    let problem = study("nb301", 100, 50);
    let designs = DesignSpace { accelerators: grid, ..problem.campaign().designs.clone() };
    let campaign = Campaign { designs, ..problem.campaign().clone() };
    let enumerated = Problem::new(campaign.clone(), problem.accuracy().to_vec(), problem.macs().to_vec()).unwrap();
    let exhaustive = Exhaustive::new(enumerated).unwrap();
    let best = exhaustive.best(&(0..exhaustive.problem().designs().len()).collect::<Vec<_>>(), &Limits::NONE).unwrap();
    let Figures { cycles, energy, area, .. } = best.figures;
    let limits = Limits { latency: cycles as f64, energy, area, ..Limits::NONE };
    let front = evolved(space.as_ref(), &campaign, 0, limits);
    assert!(front.iter().any(|(objectives, _)| -objectives[0] > best.accuracy));
    let mut problem = CoDesign::new(space.as_ref(), &Accuracy::Builtin, &campaign, &evolve::Objective::ALL, limits);
    for (objectives, candidate) in &front {
        let (accuracy, figures, _) = problem.figures(candidate).unwrap();
        assert!(limits.admit(&figures));
        assert_eq!(objectives, &[-accuracy, figures.cycles as f64, figures.energy, figures.area]);
    }
    assert_eq!(front, evolved(space.as_ref(), &campaign, 0, limits));
    // Limits of 0 cannot be met.
    assert!(evolved(space.as_ref(), &campaign, 0, Limits::of(0.0, 0.0)).is_empty());
}

#[test]
fn results_do_not_depend_on_threads() {
    let score = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let exhaustive = Exhaustive::new(study("alphanet", 12, 10)).unwrap();
            let queries = Query::of_each_design(&exhaustive, 3);
            let mut scores = compare(&exhaustive, &queries, 3, &all(&[0, 1]));
            scores.iter_mut().for_each(|score| score.seconds = 0.0);
            (queries, scores)
        })
    };
    assert!(score(1) == score(2));
}
