//! The random number generators with which the study drew its networks, reproduced exactly: MT19937 as in numpy's
//! legacy `RandomState` and in Python's `random`.

const WORDS: usize = 624;

/// The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998).
#[derive(Clone)]
struct Mt19937 {
    state: [u32; WORDS],
    next: usize,
}

impl Mt19937 {
    /// `init_genrand` of the original.
    const fn from_word(seed: u32) -> Mt19937 {
        let mut state = [0; WORDS];
        state[0] = seed;
        let mut i = 1;
        while i < WORDS {
            let last: u32 = state[i - 1];
            state[i] = (last ^ (last >> 30)).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
            i += 1;
        }
        Mt19937 { state, next: 0 }
    }

    /// `init_by_array` of the original.
    fn from_words(key: &[u32]) -> Mt19937 {
        static START: Mt19937 = Mt19937::from_word(19_650_218);
        let mut generator = START.clone();
        let state = &mut generator.state;
        let mix = |last: u32, factor: u32| (last ^ (last >> 30)).wrapping_mul(factor);
        let mut i = 1;
        for (j, word) in (0..).zip(key).cycle().take(WORDS.max(key.len())) {
            state[i] = (state[i] ^ mix(state[i - 1], 1_664_525)).wrapping_add(*word).wrapping_add(j);
            i += 1;
            if i == WORDS {
                state[0] = state[WORDS - 1];
                i = 1;
            }
        }
        for _ in 1..WORDS {
            state[i] = (state[i] ^ mix(state[i - 1], 1_566_083_941)).wrapping_sub(i as u32);
            i += 1;
            if i == WORDS {
                state[0] = state[WORDS - 1];
                i = 1;
            }
        }
        state[0] = 0x8000_0000;
        generator
    }

    /// 32 random bits. The original renews all words of the state at once. Renewing one word at a time gives the same
    /// bits, and takes less time if only a few are needed.
    fn bits(&mut self) -> u32 {
        let (i, after) = (self.next, (self.next + 1) % WORDS);
        let word = (self.state[i] & 0x8000_0000) | (self.state[after] & 0x7fff_ffff);
        let odd = if word & 1 == 1 { 0x9908_b0df } else { 0 };
        let mut word = self.state[(i + 397) % WORDS] ^ (word >> 1) ^ odd;
        self.state[i] = word;
        self.next = after;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }
}

/// numpy's legacy generator, `numpy.random.RandomState(seed)`.
pub(super) struct RandomState(Mt19937);

impl RandomState {
    /// The generator of this seed.
    pub fn new(seed: u32) -> RandomState {
        RandomState(Mt19937::from_word(seed))
    }

    /// A number from 0 to `max`, both included: takes the low bits, and draws again while they exceed `max`.
    fn up_to(&mut self, max: u32) -> u32 {
        let mask = u32::MAX.checked_shr(max.leading_zeros()).unwrap_or(0);
        loop {
            let value = self.0.bits() & mask;
            if value <= max {
                return value;
            }
        }
    }

    /// `choice(n)` with `n` of at least 1. `choice(n, size)` is a sequence of `size` of these.
    pub fn choice(&mut self, n: u32) -> u32 {
        match n {
            0 | 1 => 0,
            n => self.up_to(n - 1),
        }
    }

    /// `permutation(n)`; `choice(n, size, replace=False)` is its beginning.
    pub fn permutation(&mut self, n: u32) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..n).collect();
        for i in (1..n).rev() {
            numbers.swap(i as usize, self.up_to(i) as usize);
        }
        numbers
    }
}

/// Python's generator, `random.Random(seed)`.
#[derive(Clone)]
pub struct PythonRandom(Mt19937);

impl PythonRandom {
    /// The generator of this seed.
    pub fn new(seed: u64) -> PythonRandom {
        let (low, high) = (seed as u32, (seed >> 32) as u32);
        let words = [low, high];
        PythonRandom(Mt19937::from_words(if high == 0 { &words[..1] } else { &words }))
    }

    /// `randrange(n)`, and the place that `choice` takes in a sequence of `n`. 0 if `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        if n == 0 {
            return 0;
        }
        let bits = u32::BITS - n.leading_zeros();
        loop {
            let value = self.0.bits() >> (u32::BITS - bits);
            if value < n {
                return value;
            }
        }
    }

    /// `choice(from)`. `from` must not be empty.
    pub fn choice<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u32) as usize]
    }

    /// `random()`: a number from 0 to 1, 1 not included, of 53 random bits.
    pub fn random(&mut self) -> f64 {
        let (high, low) = (self.0.bits() >> 5, self.0.bits() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    /// The places that `sample` takes in a sequence of `n`, in its order. At most `n` are taken.
    pub(super) fn sample(&mut self, n: u32, count: u32) -> Vec<u32> {
        let count = count.min(n);
        // Python chooses between two algorithms by the memory that they would take.
        let mut set_size = 21u64;
        if count > 5 {
            let mut table = 1;
            while table < u64::from(count) * 3 {
                table *= 4;
            }
            set_size += table;
        }
        if u64::from(n) <= set_size {
            let mut pool: Vec<u32> = (0..n).collect();
            (0..count)
                .map(|taken| {
                    let last = (n - taken - 1) as usize;
                    let place = self.below(n - taken) as usize;
                    let value = pool[place];
                    pool[place] = pool[last];
                    value
                })
                .collect()
        } else {
            let mut seen = std::collections::HashSet::new();
            (0..count)
                .map(|_| {
                    loop {
                        let value = self.below(n);
                        if seen.insert(value) {
                            return value;
                        }
                    }
                })
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    /// Figures of numpy 2 and Python 3.11.
    #[test]
    fn numpy_draws_the_same() {
        let mut random = RandomState::new(0);
        assert_eq!([0; 8].map(|_: u8| random.choice(7)), [4, 5, 0, 3, 3, 3, 1, 3]);
        assert_eq!(random.permutation(5)[..2], [1, 3]);
        assert_eq!(random.permutation(12), [5, 2, 3, 4, 9, 0, 11, 7, 6, 1, 10, 8]);
        assert_eq!([0; 3].map(|_: u8| random.choice(1000)), [72, 777, 916]);
        let mut random = RandomState::new(5);
        assert_eq!([0; 8].map(|_: u8| random.choice(7)), [3, 6, 5, 6, 6, 0, 1, 0]);
        assert_eq!(random.permutation(5)[..2], [0, 1]);
        assert_eq!(random.permutation(12), [6, 2, 9, 8, 4, 3, 10, 5, 1, 7, 11, 0]);
        assert_eq!([0; 3].map(|_: u8| random.choice(1000)), [542, 980, 86]);
        let mut random = RandomState::new(4294967295);
        assert_eq!([0; 8].map(|_: u8| random.choice(7)), [3, 2, 4, 4, 0, 6, 2, 1]);
        assert_eq!(random.permutation(5)[..2], [4, 1]);
        assert_eq!(random.permutation(12), [2, 0, 3, 4, 1, 5, 9, 8, 7, 6, 10, 11]);
        assert_eq!([0; 3].map(|_: u8| random.choice(1000)), [356, 368, 503]);
    }

    #[test]
    fn python_draws_the_same() {
        let mut random = PythonRandom::new(0);
        assert_eq!([0; 8].map(|_: u8| random.below(7)), [6, 3, 6, 3, 0, 2, 4, 3]);
        assert_eq!(random.random(), 0.4049341374504143);
        assert_eq!(random.sample(100, 6), [38, 61, 45, 74, 27, 64]);
        assert_eq!(random.sample(6, 6), [1, 2, 5, 0, 3, 4]);
        assert_eq!(random.sample(1_000_000, 4), [325213, 103560, 765284, 77324]);
        let mut random = PythonRandom::new(10);
        assert_eq!([0; 8].map(|_: u8| random.below(7)), [4, 0, 3, 3, 4, 0, 1, 3]);
        assert_eq!(random.random(), 0.81332125135732);
        assert_eq!(random.sample(100, 6), [35, 83, 20, 4, 66, 62]);
        assert_eq!(random.sample(6, 6), [2, 0, 1, 5, 3, 4]);
        assert_eq!(random.sample(1_000_000, 4), [440817, 901944, 145426, 632491]);
        let mut random = PythonRandom::new(1099511627783);
        assert_eq!([0; 8].map(|_: u8| random.below(7)), [4, 5, 6, 5, 4, 5, 3, 2]);
        assert_eq!(random.random(), 0.9481332869499145);
        assert_eq!(random.sample(100, 6), [16, 66, 48, 92, 46, 50]);
        assert_eq!(random.sample(6, 6), [3, 5, 2, 0, 1, 4]);
        assert_eq!(random.sample(1_000_000, 4), [143919, 772948, 556760, 766723]);
    }
}
