#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A directory of a test's own, removed with all it holds when the last reference goes.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/policy-files-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(operation: "mkdtemp", code: errno) }
        path = String(cString: made)
    }

    deinit {
        TemporaryDirectory.removeAll(path)
    }

    struct Failure: Error {
        let operation: String
        let code: Int32
    }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file in place, so that its inode stays.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, bytes: Array(text.utf8))
    }

    @discardableResult
    func write(_ name: String, bytes: [UInt8]) throws -> String {
        guard let file = fopen(path(name), "w") else { throw Failure(operation: "fopen", code: errno) }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw Failure(operation: "fwrite", code: errno) }
        return path(name)
    }

    /// Puts a new file in the place of an old one in one step, as careful editors do.
    func replace(_ name: String, _ text: String) throws {
        try write(".\(name).new", text)
        guard rename(path(".\(name).new"), path(name)) == 0 else { throw Failure(operation: "rename", code: errno) }
    }

    func remove(_ name: String) {
        unlink(path(name))
    }

    func makeDirectory(_ name: String) {
        mkdir(path(name), 0o700)
    }

    func makePipe(_ name: String) {
        mkfifo(path(name), 0o600)
    }

    /// Gives a file the times that it had before a write, as if both fell into one tick of the clock.
    func setTimes(of name: String, to seconds: Int) {
        let times = [timeval(tv_sec: seconds, tv_usec: 0), timeval(tv_sec: seconds, tv_usec: 0)]
        utimes(path(name), times)
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
