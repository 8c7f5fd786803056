#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Everything that changes a cgroup file system. Tests put a made-up one in the kernel's place.
struct CgroupCalls: Sendable {
    /// Makes a group; the kernel fills it with files.
    var make: @Sendable (_ name: String, _ directory: CInt) throws(SystemFailure) -> Void
    /// Removes a group that no process is in, and its files.
    var remove: @Sendable (_ name: String, _ directory: CInt) throws(SystemFailure) -> Void
    /// Sets a value; never makes a file.
    var set: @Sendable (_ path: String, _ directory: CInt, _ value: String) throws(SystemFailure) -> Void

    static let kernel = CgroupCalls(
        make: { (name, directory) throws(SystemFailure) in
            guard mkdirat(directory, name, 0o755) == 0 else { throw .last }
        },
        remove: { (name, directory) throws(SystemFailure) in
            guard unlinkat(directory, name, AT_REMOVEDIR) == 0 else { throw .last }
        },
        set: { (path, directory, value) throws(SystemFailure) in
            try SmallFile(path, of: directory, O_WRONLY | O_NOFOLLOW).put(value)
        })
}
