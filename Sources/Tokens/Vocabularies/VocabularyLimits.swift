/// Bounds on what a vocabulary file may ask for, checked before memory is taken.
enum VocabularyLimits {
    /// The most tokens, special ones included.
    static let tokens = 1 << 20
    /// The longest token, in bytes of the file.
    static let tokenBytes = 64 << 10
    /// The most merges.
    static let merges = 2 * tokens
    /// All tokens together, in bytes.
    static let allBytes = 64 << 20
}
