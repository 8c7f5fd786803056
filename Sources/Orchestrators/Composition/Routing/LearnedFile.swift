import OrchClassification

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What was learned of intents, kept so that the next start, and the next change, need not learn it again. A file that
/// cannot be read counts as none.
struct LearnedFile: Sendable {
    /// 150,000 examples of 384 dimensions, or fewer of more.
    private static let maximumBytes = 1 << 30

    let path: String

    func read() -> Classifier? {
        guard let file = try? MappedFile(path, maximumBytes: Self.maximumBytes) else { return nil }
        return withExtendedLifetime(file) { try? Classifier(decoding: Array(file.bytes)) }
    }

    /// Puts it into its place, whole or not at all.
    ///
    /// - Returns: Whether it is there.
    func write(_ classifier: Classifier) -> Bool {
        let bytes = classifier.encoded()
        guard bytes.count <= Self.maximumBytes else { return false }
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let isWritten = Self.write(bytes, to: descriptor) && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            unlink(temporary)
            return false
        }
        return true
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}

#if canImport(Glibc)
private let systemWrite = Glibc.write
#elseif canImport(Musl)
private let systemWrite = Musl.write
#else
private let systemWrite = Darwin.write
#endif
