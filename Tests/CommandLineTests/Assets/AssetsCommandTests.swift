import Crypto
import OrchCore
import SystemPackage
import Testing

@testable import OrchCommandLine

struct AssetsCommandTests {
    private let directory: TemporaryDirectory
    private let manifest: String

    private static let words = Array("words".utf8)
    private static let library = [UInt8](repeating: 7, count: 600_000)

    init() throws {
        directory = try TemporaryDirectory()
        let rows = [
            Self.row("words", "file", "any", "pkg/words.gz", Self.words, "words.txt"),
            Self.row("engine", "venv", AssetPlace.thisPlatform, "engine/engine.so", Self.library, "engine/venv"),
            Self.row("other", "file", "plan9-vax", "pkg/other", Self.words, "models/other"),
        ]
        manifest = try directory.write("assets.tsv", Array(("# name\n\n" + rows.joined(separator: "\n") + "\n").utf8))
    }

    private static func row(
        _ name: String, _ kind: String, _ platform: String, _ member: String, _ bytes: [UInt8], _ destination: String
    ) -> String {
        let sha256 = Hexadecimal.encode(SHA256.hash(data: bytes))
        let wheel = String(repeating: "0", count: 64)
        return [
            name, kind, "\(name)==1.0", platform, wheel, "-", member, "none", sha256, destination, "MIT",
            "\(bytes.count)",
        ].joined(separator: "\t")
    }

    private var place: String { directory.path.appending("assets").string }

    private func install(words: [UInt8] = words, library: [UInt8] = library, python: Bool = true) throws {
        try directory.write("assets/words.txt", words)
        try directory.write("assets/engine/venv/lib/python3.13/site-packages/engine/engine.so", library)
        if python {
            #expect(makeExecutable(try directory.write("assets/engine/venv/bin/python", [])))
        }
    }

    private func run(_ arguments: String...) async -> Run {
        await orch(["assets"] + arguments + ["--manifest", manifest, "--dir", place])
    }

    private func states(_ run: Run) throws -> [String] {
        try run.json().objectValue?["assets"]?.arrayValue?.compactMap { $0.objectValue?["state"]?.stringValue } ?? []
    }

    @Test func `list tells what is there`() async throws {
        try install()
        let run = await run("list")
        #expect(run.status == 0)
        let lines = run.out.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[1] == "words   installed           5 B        MIT      words==1.0   \(place)/words.txt")
        #expect(lines[2].hasPrefix("engine  installed           585.9 KiB  MIT"))
        #expect(lines[3].hasPrefix("other   only for plan9-vax"))
        #expect(try states(await self.run("list", "--json")) == ["there", "there", "other_platform"])
    }

    @Test func `check is content with the right files`() async throws {
        try install()
        let run = await run("check", "--json")
        #expect(run.status == 0)
        #expect(run.err.isEmpty)
        #expect(try states(run) == ["ok", "ok", "other_platform"])
        #expect(try run.json().objectValue?["ok"] == true)
        let words = try run.json().objectValue?["assets"]?.arrayValue?.first?.objectValue
        #expect(words?["path"]?.stringValue == "\(place)/words.txt")
        #expect(words?["bytes"] == 5)
    }

    @Test func `check tells what is missing and how to get it`() async throws {
        let run = await run("check", "--json")
        #expect(run.status == 1)
        #expect(try states(run) == ["missing", "missing", "other_platform"])
        #expect(run.err == "put right with: ./scripts/assets install --dir \(place) words engine\n")
    }

    @Test func `check tells what is damaged`() async throws {
        try install(words: Array("wordz".utf8), library: Self.library + [0])
        let run = await run("check", "--json")
        #expect(run.status == 1)
        #expect(try states(run) == ["damaged", "damaged", "other_platform"])
        // The size alone does not tell.
        #expect(try states(await self.run("list", "--json")) == ["there", "damaged", "other_platform"])
    }

    @Test func `a virtual environment without its Python is unusable`() async throws {
        try install(python: false)
        let run = await run("check", "--json")
        #expect(run.status == 1)
        #expect(try states(run) == ["ok", "unusable", "other_platform"])
        #expect(run.err.hasSuffix(" engine\n"))
    }

    @Test func `check looks at what is named`() async throws {
        try directory.write("assets/words.txt", Self.words)
        #expect(await run("check", "words").status == 0)
        #expect(await run("check", "engine").status == 1)
        let unknown = await run("check", "nothing")
        #expect(unknown.status == 66)
        #expect(unknown.err.contains("words, engine, other"))
    }

    @Test func `the directory is the configuration's`() async throws {
        try install()
        var fixture = Fixture()
        fixture.variables["ORCH_ASSETS_DIR"] = place
        // A configuration that is refused for another reason does not stand in the way.
        fixture.variables["ORCH_PORT"] = "http"
        let arguments = ["assets", "check", "--manifest", manifest]
        #expect(await orch(arguments, in: fixture.environment).status == 0)
        fixture.variables["ORCH_ASSETS_DIR"] = place + "/nowhere"
        let run = await orch(arguments, in: fixture.environment)
        #expect(run.err == "put right with: ./scripts/assets install words engine\n")
        fixture.variables["ORCH_ASSETS_DIR"] = nil
        fixture.dotEnv = "ORCH_ASSETS_DIR='/no where'\n"
        let told = await orch(arguments, in: fixture.environment)
        #expect(told.err == "put right with: ./scripts/assets install --dir '/no where' words engine\n")
    }

    @Test func `a manifest that is not there exits with 66`() async {
        let run = await orch("assets", "list", "--manifest", manifest + "x", "--dir", place)
        #expect(run.status == 66)
        #expect(run.err.contains("--manifest"))
    }

    @Test(arguments: [
        "a\tb", "\(["a", "zip"].joined(separator: "\t"))", "\u{0}",
    ]) func `a manifest with a broken row exits with 65`(row: String) async throws {
        let path = try directory.write("broken.tsv", Array(("# head\n" + row + "\n").utf8))
        let run = await orch("assets", "list", "--manifest", path, "--dir", place)
        #expect(run.status == 65)
        #expect(run.err.contains("line 2"))
    }

    @Test(arguments: [
        (1, "zip"), (8, "abc"), (8, String(repeating: "g", count: 64)), (9, "../x"), (9, "/etc/passwd"), (9, "a//b"),
        (9, "a/./b"), (6, "a/../../b"), (11, "-1"), (11, "many"), (0, ""),
    ]) func `each column is checked`(column: Int, text: String) {
        var cells = Self.row("words", "file", "any", "pkg/words", Self.words, "words.txt").split(separator: "\t")
        #expect(throws: Never.self) { try AssetManifest(parsing: Array(cells.joined(separator: "\t").utf8)) }
        cells[column] = text[...]
        #expect(throws: CommandFailure.self) { try AssetManifest(parsing: Array(cells.joined(separator: "\t").utf8)) }
    }
}
