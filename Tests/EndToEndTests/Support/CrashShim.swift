import Foundation

/// The preloaded library that makes unsynced writes lose-able, and fails calls on demand (Tests/CrashShim/README.md).
struct CrashShim: Sendable {
    /// Fields of the control file, by their offset.
    enum Field: UInt64 {
        case fsyncFail = 8
        case writeFail = 24
        case writeErrno = 32
        case fsyncDelayMicroseconds = 40
        case flags = 56
        case unmodelled = 200
    }

    /// Syncs are said to succeed and make nothing durable, as with synchronous=OFF.
    static let pretendsToSync: Int64 = 2
    static let noSpace: Int64 = 28
    static let ioError: Int64 = 5

    private let library: URL
    private let restorer: URL
    private let data: URL
    private let undo: URL
    private let control: URL

    /// Builds the shim and lays out what it needs, for a server whose instance folder is `data`.
    init(_ bench: Bench, data: URL) async throws {
        let compiler = try RealPart.compiler.require()
        let built = try bench.folder("shim")
        library = built.appending(path: "crash_shim.so")
        restorer = built.appending(path: "crash_restore")
        undo = try bench.folder("undo")
        control = built.appending(path: "control")
        self.data = data
        try Data(count: 256).write(to: control)
        let source = Surroundings.crashShim
        try await bench.run(
            compiler,
            ["-shared", "-fPIC", "-O2", source.appending(path: "crash_shim.c").path, "-o", library.path])
        try await bench.run(compiler, ["-O2", source.appending(path: "crash_restore.c").path, "-o", restorer.path])
    }

    /// What the server's environment needs besides.
    var settings: [String: String] {
        [
            "LD_PRELOAD": library.path, "CRASH_SHIM_DIR": data.path, "CRASH_SHIM_UNDO": undo.path,
            "CRASH_SHIM_CONTROL": control.path,
        ]
    }

    func set(_ field: Field, _ value: Int64) throws {
        let file = try FileHandle(forUpdating: control)
        try file.seek(toOffset: field.rawValue)
        try file.write(contentsOf: withUnsafeBytes(of: value.littleEndian) { Data($0) })
        try file.close()
    }

    func value(_ field: Field) throws -> Int64 {
        let bytes = try Data(contentsOf: control).dropFirst(Int(field.rawValue)).prefix(8)
        return bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Takes away everything that was not synced; the server must be dead.
    ///
    /// - Parameter mixSeed: Keeps, by chance, some of it instead, as a disk may that reorders and tears writes.
    func losePower(_ bench: Bench, mixSeed: UInt64? = nil) async throws {
        try await bench.run(restorer, (mixSeed.map { ["--mix", String($0)] } ?? []) + [data.path, undo.path])
    }
}

extension Bench {
    /// Runs a program to its end, which must be a good one.
    func run(_ program: URL, _ arguments: [String]) async throws {
        let name = program.lastPathComponent
        let child = try start(
            program, arguments,
            ChildProcess.Options(
                environment: ["PATH": Surroundings.environment["PATH"] ?? "/usr/bin:/bin"],
                log: folder.appending(path: "\(name).log")))
        let end = try await child.waitForEnd()
        guard end == .code(0) else { throw TestFailure("\(name) ended with \(end)") }
    }
}
