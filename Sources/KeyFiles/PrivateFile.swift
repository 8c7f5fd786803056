import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A small file that its owner alone may read: mode 0600.
struct PrivateFile: Sendable {
    let path: String
    /// The setting that names it, for messages.
    let setting: String

    /// What is in the file; nil where there is none.
    func read() throws(KeyFileError) -> String? {
        do {
            let file: FileDescriptor
            do { file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) } catch Errno
                .noSuchFileOrDirectory
            { return nil }
            return try file.closeAfter {
                var status = stat()
                guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
                guard status.st_mode & 0o077 == 0 else { throw KeyFileError.readableByOthers(setting) }
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
                return String(decoding: bytes[..<count], as: UTF8.self)
            }
        } catch let error as KeyFileError {
            throw error
        } catch {
            throw KeyFileError("the file of \(setting) cannot be read: \(error)")
        }
    }

    /// Writes a file to the disk that is not there yet.
    func write(_ text: String) throws(KeyFileError) {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
            try file.closeAfter {
                try file.writeAll(text.utf8)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            try syncFolder()
        } catch {
            throw KeyFileError("the key cannot be written beside \(setting): \(error)")
        }
    }

    /// Puts this file in the place of another, at once.
    func move(to other: PrivateFile) throws(KeyFileError) {
        do {
            guard rename(path, other.path) == 0 else { throw Errno(rawValue: errno) }
            try other.syncFolder()
        } catch {
            throw KeyFileError("the key of \(setting) cannot be put in its place: \(error)")
        }
    }

    /// Gives this file another name too, if nothing has that name yet.
    ///
    /// - Returns: Whether it has it now.
    func link(as other: PrivateFile) throws(KeyFileError) -> Bool {
        do {
            #if canImport(Glibc)
            let status = Glibc.link(path, other.path)
            #elseif canImport(Musl)
            let status = Musl.link(path, other.path)
            #else
            let status = Darwin.link(path, other.path)
            #endif
            if status != 0 {
                guard errno == EEXIST else { throw Errno(rawValue: errno) }
                return false
            }
            try other.syncFolder()
            return true
        } catch {
            throw KeyFileError("the key of \(setting) cannot be put in its place: \(error)")
        }
    }

    /// Removes the file, if it is there.
    func remove() { unlink(path) }

    private func syncFolder() throws {
        let folder = FilePath(path).removingLastComponent()
        let descriptor = try FileDescriptor.open(
            folder.isEmpty ? "." : folder, .readOnly, options: [.directory, .closeOnExec])
        try descriptor.closeAfter {
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }
}
