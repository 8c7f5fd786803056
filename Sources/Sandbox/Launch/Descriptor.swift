import CSandbox
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open descriptor, which other programs do not inherit. It is closed with its last owner, or before.
final class Descriptor: Sendable {
    let number: CInt
    private let isOpen = Atomic(true)

    /// Takes over a descriptor that is open already.
    init(owning number: CInt) { self.number = number }

    deinit { end() }

    func end() {
        if isOpen.exchange(false, ordering: .relaxed) { close(number) }
    }

    /// The two ends of a pipe.
    static func pipe() throws(SandboxError) -> (read: Descriptor, write: Descriptor) { try pair(csandbox_pipe) }

    /// Two sockets that are connected to each other.
    static func socketPair() throws(SandboxError) -> (Descriptor, Descriptor) { try pair(csandbox_socket_pair) }

    private static func pair(
        _ make: (UnsafeMutablePointer<CInt>?) -> CInt
    ) throws(SandboxError) -> (Descriptor, Descriptor) {
        var ends: [CInt] = [-1, -1]
        guard make(&ends) == 0 else { throw .outOfDescriptors }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// A file in memory that holds these bytes and cannot be changed.
    static func memory(_ bytes: [UInt8]) throws(SandboxError) -> Descriptor {
        let number = csandbox_memory_file(bytes, bytes.count)
        guard number >= 0 else { throw .outOfDescriptors }
        return Descriptor(owning: number)
    }

    func makeNonBlocking() { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }

    /// Appends what can be read now, up to a number of bytes in all; false at the end of the file.
    func read(into bytes: inout [UInt8], limit: Int) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
            while bytes.count < limit {
                let count = systemRead(number, buffer.baseAddress, min(buffer.count, limit - bytes.count))
                if count == 0 { return false }
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno == EAGAIN
                }
                bytes.append(contentsOf: buffer[..<count])
            }
            return true
        }
    }
}

private func systemRead(_ number: CInt, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(number, bytes, count)
}

extension SandboxError {
    static let outOfDescriptors = SandboxError(
        .unavailable, "the server has no descriptors left; raise its limit of open files (LimitNOFILE, ulimit -n)")
}

/// Questions about files of this machine.
enum SystemFile {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// The real path of a folder; nil where it is none.
    static func folder(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The beginning of a small file; empty where it cannot be read.
    static func text(_ path: String) -> String {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return "" }
        var bytes: [UInt8] = []
        _ = Descriptor(owning: number).read(into: &bytes, limit: 4096)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a symbolic link says; nil where it is none.
    static func link(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
            let count = buffer.withMemoryRebound(to: CChar.self) { characters in
                characters.baseAddress.map { readlink(path, $0, characters.count) } ?? -1
            }
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }
    }
}
