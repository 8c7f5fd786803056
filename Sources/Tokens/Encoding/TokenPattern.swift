/// How a text is cut into the pieces that are then merged, each by itself: the regular expressions of the known
/// vocabularies, by name.
enum TokenPattern: Sendable, Hashable {
    /// GPT-2's: contractions in lower case, a blank before a word, a number or other signs.
    case gpt2
    /// Each numeric character by itself, then GPT-2's on what lies between (SmolLM, StarCoder).
    case gpt2Digits
    /// tiktoken's cl100k_base of version 0.9 and later: white space at the end of the text is one piece, even where it
    /// holds line ends (`\s++$`).
    case cl100k
    /// The first form of cl100k_base, without that: Llama 3's.
    case llama3
    /// Llama 3's with every digit by itself.
    case qwen2
    /// o200k_base's: upper case before lower case, contractions at the end of a word.
    case o200k
}

/// Which scalars count as letters, marks, numbers: that depends on the reference implementation.
enum ScalarProfile: Sendable, Hashable {
    /// Rust's regex crates, as tiktoken 0.14 and Hugging Face tokenizers 0.23 have them: Unicode 16.
    case unicode16
    /// The same, but numbers as Rust's standard library has them: Unicode 17 (Hugging Face's `Digits`).
    case unicode16Digits
    /// llama.cpp's own table.
    case llama
    /// llama.cpp's table with its stand-in for o200k's cases: every letter but a–z is upper, every one but A–Z lower.
    case llamaCases

    /// Whether `ſ` (U+017F) is an `s` where case does not matter; llama.cpp knows only the two ASCII forms.
    var foldsLongS: Bool { self == .unicode16 || self == .unicode16Digits }

    /// The classes, made once in a process.
    var classes: ScalarClasses {
        switch self {
        case .unicode16: Self.tableOf16
        case .unicode16Digits: Self.tableOf16Digits
        case .llama: Self.tableOfLlama
        case .llamaCases: Self.tableOfLlamaCases
        }
    }

    private static let tableOf16 = ScalarClasses(.unicode16)
    private static let tableOf16Digits = ScalarClasses(.unicode16Digits)
    private static let tableOfLlama = ScalarClasses(.llama)
    private static let tableOfLlamaCases = ScalarClasses(.llamaCases)
}
