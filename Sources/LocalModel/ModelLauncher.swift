#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The Python program that serves the model, carried in the executable.
enum ModelLauncher {
    /// Writes the program, readable by us alone.
    static func write(to path: String) throws {
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter {
            _ = try file.writeAll(PackageResources.llama_server_py)
        }
    }
}
