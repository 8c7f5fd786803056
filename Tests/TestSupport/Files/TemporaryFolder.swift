#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder of a test's own, removed with all it holds when the last reference goes.
package final class TemporaryFolder: Sendable {
    package struct Failure: Error {
        package let operation: String
        package let code: Int32
    }

    package let path: String

    package init() throws {
        var template = Array("/tmp/orch-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(operation: "mkdtemp", code: errno) }
        path = String(cString: made)
    }

    deinit {
        chmod(path, 0o700)
        Self.removeAll(path)
    }

    package func path(_ name: String) -> String { "\(path)/\(name)" }

    package func write(_ name: String, _ bytes: [UInt8]) throws {
        guard let file = fopen(path(name), "w") else { throw Failure(operation: "fopen", code: errno) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw Failure(operation: "fwrite", code: errno) }
    }

    /// All bytes of a file; empty where there is none.
    package func read(_ name: String) -> [UInt8] {
        guard let file = fopen(path(name), "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Copies a file as it is at this moment.
    package func copy(_ name: String, to other: String) throws {
        try write(other, read(name))
    }

    package func setMode(_ mode: UInt32, of name: String? = nil) {
        chmod(name.map(path) ?? path, mode_t(mode))
    }

    private static func removeAll(_ path: String) {
        guard let stream = opendir(path) else { return }
        defer {
            closedir(stream)
            rmdir(path)
        }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            if unlink("\(path)/\(name)") != 0 { removeAll("\(path)/\(name)") }
        }
    }
}
