#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads the inputs of a configuration from the system: the only part of the module that does.
package enum SystemInputs {
    /// The longest .env file that is read.
    package static let dotEnvByteLimit = 1_048_576

    /// The arguments, the environment of this process, and the .env file, where there is one.
    package static func load(
        arguments: [String: String] = [:], dotEnvPath: String = ".env"
    ) throws(ConfigurationError) -> ConfigurationInputs {
        ConfigurationInputs(
            arguments: arguments, environment: environment(), dotEnv: try dotEnv(atPath: dotEnvPath))
    }

    /// The variables of this process. Call it at the start, before there are threads that might change them.
    package static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        // The C libraries differ in whether this pointer may be null.
        let first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
        guard var next = first else { return variables }
        while let line = next.pointee {
            let halves = String(cString: line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2 { variables[String(halves[0])] = String(halves[1]) }
            next += 1
        }
        return variables
    }

    /// The text of the file; nil where there is no file of this name.
    package static func dotEnv(atPath path: String) throws(ConfigurationError) -> String? {
        // Without O_NONBLOCK, opening a pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw unreadable("it cannot be opened")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unreadable("it is not a regular file")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable("reading it failed") }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count <= dotEnvByteLimit else {
                throw unreadable("it is longer than \(dotEnvByteLimit) bytes")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unreadable("it is not UTF-8") }
        return text
    }

    private static func unreadable(_ reason: String) -> ConfigurationError {
        ConfigurationError(violations: [ConfigurationViolation(".env", reason)])
    }
}
