import OrchCore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that stands in its place whole and on disk, or not at all.
enum AtomicFile {
    /// Writes beside the place, then moves the result there. What is there already and is no regular file stays.
    static func write(
        to path: FilePath, permissions: FilePermissions, _ body: (FileDescriptor) async throws -> Void
    ) async throws {
        if let there = try? path.stat(), there.type != .regular {
            throw CommandFailure(.cannotWrite, "something that is not a regular file stands where the file is to go")
        }
        guard let name = path.lastComponent else { throw CommandFailure(.cannotWrite, "the path names no file") }
        var generator = SystemRandomNumberGenerator()
        let suffix = Hexadecimal.encode((0..<8).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let directory = path.removingLastComponent()
        let temporary = directory.appending(".\(name.string).\(suffix)")
        let descriptor = try attempt {
            try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
        }
        do {
            do {
                try await body(descriptor)
                try attempt { try check(fsync(descriptor.rawValue)) }
            } catch {
                try? descriptor.close()
                throw error
            }
            try attempt {
                try descriptor.close()
                try check(rename(temporary.string, path.string))
            }
        } catch {
            unlink(temporary.string)
            throw error
        }
        synchronize(directory)
    }

    /// Makes a directory and those above it, down from a base that is there.
    static func makeDirectories(_ relative: FilePath, below base: FilePath) throws {
        var path = base
        for component in relative.components {
            path.append(component)
            guard mkdir(path.string, 0o755) != 0, errno != EEXIST else { continue }
            throw CommandFailure(.cannotWrite, "a directory cannot be made: \(Errno(rawValue: errno))")
        }
    }

    /// Errors of the system as ours.
    static func attempt<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as Errno {
            throw CommandFailure(.cannotWrite, "the file cannot be written: \(error)")
        }
    }

    private static func check(_ result: CInt) throws(Errno) {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Puts the new name on disk, where the file system can.
    private static func synchronize(_ directory: FilePath) {
        let path = directory.isEmpty ? "." : directory
        guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else { return }
        fsync(descriptor.rawValue)
        try? descriptor.close()
    }
}
