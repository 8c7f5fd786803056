#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The few file operations of this module. Each blocks for one small local file.
enum LocalFile {
    /// The last component of a path, for messages.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// All bytes of a regular file of bounded size. A device, a pipe or a directory is refused without waiting for it.
    static func read(_ path: String, size: PolicyFileSize = .usual) throws(PolicyFileError) -> [UInt8] {
        let file = name(of: path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw PolicyFileError(.unreadableFile, file: file, "cannot be opened") }
            throw PolicyFileError(.missingFile, file: file, "there is no such file")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw PolicyFileError(.unreadableFile, file: file, "not a regular file")
        }
        // One byte more than allowed tells a file that grew in the meantime.
        let capacity = size.bytes + 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(capacity, Int(status.st_size) + 1))
        try withChunks(of: descriptor, file: file) { chunk in
            bytes += chunk
            return bytes.count < capacity
        }
        guard bytes.count < capacity else {
            throw PolicyFileError(.tooLarge, file: file, "larger than \(size.bytes) bytes")
        }
        return bytes
    }

    /// The names in a directory, sorted by their bytes; nil when it cannot be listed.
    static func names(in directory: String) -> [String]? {
        guard let stream = opendir(directory) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func withChunks(
        of descriptor: Int32, file: String, _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(PolicyFileError) {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        var wantsMore = true
        while wantsMore {
            let count = buffer.withUnsafeMutableBytes { Self.read(descriptor, into: $0) }
            guard count >= 0 else { throw PolicyFileError(.unreadableFile, file: file, "cannot be read") }
            guard count > 0 else { return }
            wantsMore = buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            #if canImport(Glibc)
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
            let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }
}

/// What tells one state of a file from another without reading it.
package struct FileFingerprint: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        let name: String
        /// nil when there is nothing under the path.
        let marks: [Int64]?
    }

    private let entries: [Entry]

    /// Of a file, following symbolic links.
    package init(ofFile path: String) {
        entries = [Entry(name: "", marks: FileFingerprint.marks(path))]
    }

    /// Of a directory and of those files in it that count.
    package init(ofDirectory path: String, where counts: (String) -> Bool) {
        let names = (LocalFile.names(in: path) ?? []).filter(counts)
        entries =
            [Entry(name: "", marks: FileFingerprint.marks(path))]
            + names.map { Entry(name: $0, marks: FileFingerprint.marks("\(path)/\($0)")) }
    }

    /// Device, inode, size, and the times of the last change of the contents and of the inode, to the nanosecond.
    private static func marks(_ path: String) -> [Int64]? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
        let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        return [
            Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino), Int64(status.st_size),
            Int64(modified.tv_sec), Int64(modified.tv_nsec), Int64(changed.tv_sec), Int64(changed.tv_nsec),
        ]
    }
}
