import Crypto
import OrchCore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file of an asset, as it is found.
struct AssetFile: Equatable {
    enum State: String {
        /// There, with the right size; its content was not read.
        case there
        /// There, with the right content.
        case ok
        case missing
        /// There, with another size or content.
        case damaged
        /// The right file, in a virtual environment whose Python is gone.
        case unusable
        /// For another kind of machine.
        case otherPlatform = "other_platform"

        var isGood: Bool { self == .there || self == .ok || self == .otherPlatform }
    }

    var row: AssetManifest.Row
    var state: State
}

/// The directory that assets are installed in.
struct AssetPlace {
    let directory: FilePath
    /// Whether the installing script has to be told of it.
    let isUnusual: Bool
    var platform = Self.thisPlatform

    /// What can be said without reading the file.
    func look(at row: AssetManifest.Row) -> AssetFile {
        AssetFile(row: row, state: find(row).state)
    }

    /// The same, the content compared too.
    func check(_ row: AssetManifest.Row) -> AssetFile {
        let (state, path) = find(row)
        guard state == .there, let path else { return AssetFile(row: row, state: state) }
        return AssetFile(row: row, state: (try? Self.sha256(of: path)) == row.sha256 ? .ok : .damaged)
    }

    private func find(_ row: AssetManifest.Row) -> (state: AssetFile.State, path: FilePath?) {
        guard row.platform == "any" || row.platform == platform else { return (.otherPlatform, nil) }
        guard let path = checkedFile(row), let there = try? path.stat() else { return (.missing, nil) }
        guard there.type == .regular, there.size == row.bytes else { return (.damaged, path) }
        let python = directory.appending(row.destination).appending("bin").appending("python")
        guard row.kind == .file || access(python.string, X_OK) == 0 else { return (.unusable, path) }
        return (.there, path)
    }

    private func checkedFile(_ row: AssetManifest.Row) -> FilePath? {
        let destination = directory.pushing(FilePath(row.destination))
        guard row.kind == .venv else { return destination }
        let library = destination.appending("lib")
        let candidates = Self.names(in: library).filter { $0.hasPrefix("python3") }.sorted().map { name in
            library.appending(name).appending("site-packages").pushing(FilePath(row.member))
        }
        return candidates.last { (try? $0.stat()) != nil }
    }

    private static func sha256(of path: FilePath) throws -> String {
        var hash = SHA256()
        try BoundedFile.forEachPiece(of: path) { hash.update(bufferPointer: $0) }
        return Hexadecimal.encode(hash.finalize())
    }

    private static func names(in directory: FilePath) -> [String] {
        guard let stream = opendir(directory.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(withUnsafeBytes(of: &entry.pointee.d_name, Self.text))
        }
        return names
    }

    /// The system and machine as uname tells them, in lower case.
    static var thisPlatform: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        let system = withUnsafeBytes(of: &name.sysname, text)
        let machine = withUnsafeBytes(of: &name.machine, text)
        return "\(system)-\(machine)".lowercased()
    }

    /// The text of a C array of characters, up to its zero.
    private static func text(_ characters: UnsafeRawBufferPointer) -> String {
        String(decoding: characters.prefix { $0 != 0 }, as: UTF8.self)
    }
}
