import OrchCore

#if canImport(Glibc)
import Glibc
#endif

/// A folder of tools' programs that everybody may read, gone with its owner.
final class ToolFolder: Sendable {
    let path: String
    private let names: [String]

    init(_ files: [String: String] = [:]) {
        path = "/tmp/orch-tools-\(Hexadecimal.encode(RandomBytes.draw(6)))"
        names = Array(files.keys)
        mkdir(path, 0o755)
        for (name, text) in files {
            guard let file = fopen("\(path)/\(name)", "w") else { continue }
            fputs(text, file)
            fclose(file)
            chmod("\(path)/\(name)", 0o755)
        }
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
