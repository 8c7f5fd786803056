/// The file of a classifier, little endian: the mark, the version, what it was made with, calibration, texts with
/// their vectors, labels with the texts' rows, heads, and SHA-256 of all before it.
enum ClassifierFormat {
    static let mark = Array("ORCHLABL".utf8)
    /// Changes with the format, with the algorithm and with its constants: it is part of every hash.
    static let version: UInt32 = 3
    /// The largest magnitude of a head's weight or bias.
    static let weightLimit: Float = 1e4
}

#if !_endian(little)
#error("floats are copied as they lie in memory")
#endif
