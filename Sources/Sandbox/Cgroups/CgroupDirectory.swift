#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A control group that groups are made in: a directory that is opened once, so that nothing is looked up again.
final class CgroupDirectory: Sendable {
    /// For the operator's eyes.
    let path: String
    private let descriptor: CInt
    private let calls: CgroupCalls

    init(_ path: String, _ calls: CgroupCalls) throws(SystemFailure) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        self.path = path
        self.calls = calls
    }

    deinit { close(descriptor) }

    /// Whether files may be made in it, or a file of it be written, by the system's own answer.
    func checkWritable(_ name: String = ".") throws(SystemFailure) {
        guard faccessat(descriptor, name, W_OK, AT_EACCESS) == 0 else { throw .last }
    }

    func canWrite(_ name: String) -> Bool { (try? checkWritable(name)) != nil }

    func has(_ name: String) -> Bool { faccessat(descriptor, name, F_OK, 0) == 0 }

    func contents(_ name: String) throws(SystemFailure) -> [UInt8] {
        try SmallFile(name, of: descriptor, O_RDONLY | O_NOFOLLOW).contents(limit: 1 << 16)
    }

    /// The processes of a group, as far as a megabyte lists them. 0 stands for one of another pid namespace.
    func processes(of group: String = ".") throws(SystemFailure) -> [Int32] {
        var bytes = try SmallFile("\(group)/cgroup.procs", of: descriptor, O_RDONLY | O_NOFOLLOW).start(limit: 1 << 20)
        // Half a number is the number of another process.
        bytes.removeLast(bytes.reversed().prefix { $0 != UInt8(ascii: "\n") }.count)
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }

    /// The names in it, at most so many.
    func names(limit: Int) throws(SystemFailure) -> [String] {
        let listing = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard listing >= 0 else { throw .last }
        guard let stream = fdopendir(listing) else {
            let failure = SystemFailure.last
            close(listing)
            throw failure
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    /// Opens a file that a child writes to before it starts its program. The caller closes it.
    func openForJoining(_ name: String) throws(SystemFailure) -> CInt {
        let opened = openat(descriptor, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard opened >= 0 else { throw .last }
        return opened
    }

    func make(_ name: String) throws(SystemFailure) { try calls.make(name, descriptor) }

    func remove(_ name: String) throws(SystemFailure) { try calls.remove(name, descriptor) }

    func set(_ path: String, to value: String) throws(SystemFailure) { try calls.set(path, descriptor, value) }
}
