import OrchCore
import OrchRE2
import OrchTestSupport
import OrchTools
import Testing

@testable import OrchPolicyFiles

@Suite struct ToolManifestFileTests {
    private func parse(_ text: String) throws(PolicyFileError) -> Tool {
        try ToolManifestFile.parse(Array(text.utf8), file: "word_count.yaml", compiler: RE2Compiler())
    }

    @Test func `every key is read`() throws {
        let tool = try parse(
            """
            name: word_count
            description: Counts words.
            parameters: {type: object, properties: {text: {type: string}}, required: [text]}
            safe: true
            command: [words/count.py, --fast]
            limits: {timeout_seconds: 5, memory_mb: 64}
            """)
        #expect(tool.name == "word_count" && tool.description == "Counts words." && tool.safe)
        #expect(tool.requiresSandbox && !tool.allowUnsandboxed && tool.timeout == .seconds(5))
        #expect(
            tool.command == SandboxCommand(program: .file("words/count.py"), arguments: ["--fast"], memoryLimit: 64))
    }

    @Test
    func `without a word about it a tool is unsafe, has the time of the settings, wants the sandbox and takes nothing`()
        throws
    {
        let tool = try parse("{name: t, description: d, command: [t.py]}")
        #expect(!tool.safe && tool.timeout == nil && tool.command?.memoryLimit == nil)
        #expect(tool.requiresSandbox && !tool.allowUnsandboxed)
        #expect(tool.parameters == ["type": "object", "additionalProperties": false])
    }

    static let faults: [(String, String)] = [
        ("{description: d, command: [t]}", "1:1: the key `name` is missing"),
        ("{name: t, command: [t]}", "1:1: the key `description` is missing"),
        ("{name: t, description: d}", "1:1: the key `command` is missing"),
        ("{name: a b, description: d, command: [t]}", "1:8: `name` must be 1 to 64 letters, digits, `_`, `.` and `-`"),
        (
            "{name: t, description: d, command: []}",
            "1:36: `command` must be a list of 1 to 32 words, the program first"
        ),
        (
            "{name: t, description: d, command: [../x]}",
            "1:37: the program must be a file in ORCH_SANDBOX_TOOL_DIR, by its path in there"
        ),
        (
            "{name: t, description: d, command: [/bin/sh]}",
            "1:37: the program must be a file in ORCH_SANDBOX_TOOL_DIR, by its path in there"
        ),
        ("{name: t, description: d, command: [t], limits: {memory_mb: 1}}", "1:61: `memory_mb` must be 16 to 65536"),
        (
            "{name: t, description: d, command: [t], limits: {timeout_seconds: 301}}",
            "1:67: `timeout_seconds` must be 1 to 300"
        ),
        (
            "{name: t, description: d, command: [t], parameters: {type: object, format: x, minimun: 1}}",
            "1:53: parameters.minimun: this keyword is not supported here"
        ),
        (
            "{name: t, description: d, command: [t], env: {}}",
            "1:41: unknown key `env`; known keys: name, description, parameters, safe, command, limits, "
                + "allow_unsandboxed"
        ),
    ]

    @Test(arguments: faults)
    func `a fault is told with its line`(text: String, message: String) {
        let error = #expect(throws: PolicyFileError.self) { try parse(text) }
        #expect(error?.message == "word_count.yaml:\(message)")
    }

    @Test func `of a folder the good ones are taken, and the rest are problems`() throws {
        let folder = try TemporaryFolder()
        func write(_ name: String, _ text: String) throws { try folder.write(name, Array(text.utf8)) }
        try write("a.yaml", "{name: one, description: d, command: [t]}")
        try write("b.yml", "{name: one, description: d, command: [t]}")
        try write("c.yaml", "{name: echo, description: d, command: [t]}")
        try write("d.yaml", "{name: two, description: d, command: [t], bad: 1}")
        try write("e.yaml", "{name: three, description: d, command: [t]}")
        try write("notes.txt", "not a manifest")
        try write(".hidden.yaml", "not a manifest")
        let directory = ToolDirectory.load(folder.path, taken: ["echo"], compiler: RE2Compiler())
        #expect(directory.tools.map(\.name) == ["one", "three"])
        #expect(
            directory.problems.map(\.message) == [
                "b.yml: a tool named one is there already", "c.yaml: a tool named echo is there already",
                "d.yaml:1:43: unknown key `bad`; known keys: name, description, parameters, safe, command, limits, "
                    + "allow_unsandboxed",
            ])
        #expect(ToolDirectory.load("\(folder.path)/none", taken: [], compiler: RE2Compiler()).problems.isEmpty)
    }
}
