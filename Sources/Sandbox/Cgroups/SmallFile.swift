#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open file of a few bytes that the kernel makes up; closed when nobody has it any more.
struct SmallFile: ~Copyable {
    let descriptor: CInt

    /// - Parameter directory: What a relative path is of.
    init(_ path: String, of directory: CInt = AT_FDCWD, _ flags: CInt) throws(SystemFailure) {
        let opened = openat(directory, path, flags | O_CLOEXEC)
        guard opened >= 0 else { throw .last }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// All of it; fails where it is longer than the limit.
    func contents(limit: Int) throws(SystemFailure) -> [UInt8] {
        let bytes = try start(limit: limit + 1)
        guard bytes.count <= limit else { throw .tooLong }
        return bytes
    }

    /// As much of it as the limit says.
    func start(limit: Int) throws(SystemFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(limit, 4096))
        while bytes.count < limit {
            let wanted = min(buffer.count, limit - bytes.count)
            let count = read(descriptor, &buffer, wanted)
            if count == 0 { break }
            if count > 0 {
                bytes += buffer[..<count]
            } else if errno != EINTR {
                throw .last
            }
        }
        return bytes
    }

    /// Writes a text in one call, as the kernel takes each call for a value of its own.
    func put(_ text: String) throws(SystemFailure) {
        var text = text
        let (count, size) = text.withUTF8 { bytes in
            while true {
                let count = write(descriptor, bytes.baseAddress, bytes.count)
                if count >= 0 || errno != EINTR { return (count, bytes.count) }
            }
        }
        guard count >= 0 else { throw .last }
        guard count == size else { throw .tooLong }
    }
}
