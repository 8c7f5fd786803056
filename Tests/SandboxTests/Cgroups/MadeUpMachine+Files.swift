import OrchTestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension MadeUpMachine {
    func write(_ name: String, _ text: String) {
        var path = folder.path
        for part in name.split(separator: "/").dropLast() {
            path += "/\(part)"
            mkdir(path, 0o755)
        }
        try? folder.write(name, Array(text.utf8))
    }

    func read(_ name: String) -> String { String(decoding: folder.read(name), as: UTF8.self) }

    func isThere(_ name: String) -> Bool { access(folder.path(name), F_OK) == 0 }

    func remove(_ name: String) { unlink(folder.path(name)) }

    /// A directory in the place of a file.
    func makeDirectory(_ name: String) {
        remove(name)
        mkdir(folder.path(name), 0o755)
    }

    func names(in directory: String) -> [String] {
        guard let stream = opendir(folder.path(directory)) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The runs' groups in a directory.
    func groups(in directory: String) -> [String] { names(in: directory).filter { $0.hasPrefix("orch-sandbox-") } }

    static func stat(_ process: Int32, parent: Int32, start: Int, state: String = "S", threads: Int = 4) -> String {
        let zeros = Array(repeating: "0", count: 15).joined(separator: " ")
        return "\(process) (a) b (c) \(state) \(parent) \(zeros) \(threads) 0 \(start) 0 0\n"
    }
}
