import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A directory of a test's own, removed with all it holds when the last reference goes.
final class TemporaryDirectory {
    let path: FilePath

    init() throws {
        var template = Array("/tmp/orch-command-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Errno(rawValue: errno) }
        path = FilePath(String(cString: made))
    }

    deinit {
        Self.removeAll(path)
    }

    /// Writes a file and the directories above it.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path.pushing(FilePath(name))
        var directory = path
        for component in FilePath(name).removingLastComponent().components {
            directory.append(component)
            mkdir(directory.string, 0o700)
        }
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        return file.string
    }

    func read(_ name: String) throws -> String {
        let descriptor = try FileDescriptor.open(path.pushing(FilePath(name)), .readOnly)
        return try descriptor.closeAfter {
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            return String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    /// The names of the files in the directory.
    var names: [String] { Self.names(in: path).sorted() }

    private static func names(in path: FilePath) -> [String] {
        guard let stream = opendir(path.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func removeAll(_ path: FilePath) {
        for name in names(in: path) where unlink(path.appending(name).string) != 0 { removeAll(path.appending(name)) }
        rmdir(path.string)
    }
}

/// Lets everybody run a file.
func makeExecutable(_ path: String) -> Bool {
    chmod(path, 0o755) == 0
}
