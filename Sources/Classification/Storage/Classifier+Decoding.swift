import Crypto

extension Classifier {
    /// A classifier out of what ``encoded()`` made.
    ///
    /// - Parameter instructions: Tests and benchmarks choose them.
    /// - Throws: ``ClassifierError``: `damaged` or `unsupported`.
    package convenience init(decoding bytes: [UInt8], instructions: Instructions = .best) throws(ClassifierError) {
        let parts: Result<ClassifierParts, ClassifierError> = bytes.withUnsafeBytes { bytes in
            do throws(ClassifierError) {
                return .success(try ClassifierParts(bytes))
            } catch {
                return .failure(error)
            }
        }
        let found = try parts.get()
        self.init(
            key: found.key, embedder: found.embedder, labels: found.labels, texts: found.texts, heads: found.heads,
            current: found.current, calibration: found.calibration, statistics: TrainingStatistics(), instructions)
    }
}
