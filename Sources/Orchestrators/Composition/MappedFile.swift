#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file's bytes, mapped and not read: only the pages that somebody looks at come into memory.
///
/// `@unchecked Sendable`: nothing changes after `init`, and only `deinit` unmaps. Whoever puts another file in its place
/// renames it there, so that this one stays as it is.
final class MappedFile: @unchecked Sendable {
    /// Why a file cannot be mapped.
    enum Fault: Error {
        case cannotBeOpened, isNotRegular, isEmpty
        case isLarger(than: Int)
        case cannotBeMapped

        /// What to say of the file, with "it" for its name.
        var sentence: String {
            switch self {
            case .cannotBeOpened: "its file cannot be opened"
            case .isNotRegular: "it is not a regular file"
            case .isEmpty: "its file is empty"
            case .isLarger(let bytes): "its file is larger than \(bytes) bytes"
            case .cannotBeMapped: "its file cannot be mapped"
            }
        }
    }

    /// All of them; valid while this lives.
    let bytes: UnsafeRawBufferPointer

    init(_ path: String, maximumBytes: Int) throws(Fault) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotBeOpened }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .isNotRegular }
        let size = Int(status.st_size)
        guard size > 0 else { throw .isEmpty }
        guard size <= maximumBytes else { throw .isLarger(than: maximumBytes) }
        guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .cannotBeMapped
        }
        bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
