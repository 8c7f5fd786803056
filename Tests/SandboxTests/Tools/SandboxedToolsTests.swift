import OrchCore
import OrchTools
import Testing

@testable import OrchSandbox

@Suite struct SandboxedToolsTests {
    private let folder = ToolFolder([
        "count.py": "import json, sys\nprint(len(json.load(sys.stdin)['text']), end='')\n",
        "fails.py": "import sys\nsys.stderr.write('x' * 900 + ' no answer\\n')\nsys.exit(3)\n",
        "host.py": "import os\nprint(os.path.exists('/proc/self'), dict(os.environ), end='')\n",
    ])

    private func port(
        _ rules: SandboxedTools.Rules = .init(), _ change: (inout Machine) -> Void = { _ in }
    ) -> ToolSandbox {
        var machine = Machine()
        change(&machine)
        let sandbox = Sandbox(Sandbox.Settings(choice: .bubblewrap, toolFolder: folder.path), machine: machine)
        return SandboxedTools(sandbox, rules: rules).port
    }

    private func tool(_ file: String, fallsBack: Bool = false, safe: Bool = true) -> Tool {
        Tool(
            name: "t", description: "", parameters: ["type": "object"], safe: safe, allowUnsandboxed: fallsBack,
            command: SandboxCommand(program: .file(file)), timeout: .seconds(9))
    }

    private static let missing: @Sendable (inout Machine) -> Void = { $0.bubblewrap = ["/nowhere/bwrap"] }
    private static let open = SandboxedTools.Rules(isRequired: false, fallsBack: true)

    @Test func `a program gets its arguments as JSON, and its output is the answer`() async throws {
        let output = try await port().run(tool("count.py"), ["text": "four"])
        #expect(output.text == "4" && output.walls == "bubblewrap" && output.parts.isEmpty)
    }

    @Test func `Python's answer has its parts`() async throws {
        let output = try await port().run(.pythonExec, ["code": "print('a')\n1 / 0"])
        #expect(output.parts.map(\.name) == ["value", "error", "stdout", "stderr"])
        #expect(output.parts[0].text == nil && output.parts[2].text == "a\n")
        #expect(output.parts[1].text?.hasSuffix("ZeroDivisionError: division by zero\n") == true)
    }

    @Test func `a program that fails is told by its code and the last that it wrote`() async throws {
        let error = await #expect(throws: SandboxFailure.self) { try await port().run(tool("fails.py"), [:]) }
        guard case .sandboxFailed(3, let message?)? = error?.failure else { throw Unexpected() }
        #expect(message.count == 400 && message.hasSuffix("x no answer\n") && error?.walls == "bubblewrap")
    }

    private struct Unexpected: Error {}

    @Test func `what is known to be refused is known before anybody is asked`() async {
        let handler = Tool(name: "h", description: "", parameters: [:], safe: false) { _ in ToolOutput("") }
        #expect(port().refusal(handler) == .sandboxRequired)
        #expect(port(.init(isRequired: false)).refusal(handler) == nil)
        #expect(port(.init(isEnabled: false)).refusal(.pythonExec) == .sandboxDisabled)
        let none = port(.init(), Self.missing)
        #expect(none.refusal(.pythonExec) == nil, "nobody has looked")
        _ = try? await none.run(.pythonExec, ["code": "1"])
        #expect(none.refusal(.pythonExec) == .sandboxUnavailable(BubblewrapBackend.missing.message))
    }

    @Test func `without walls runs only what says so, where all settings do`() async throws {
        let output = try await port(Self.open, Self.missing).run(tool("host.py", fallsBack: true), [:])
        #expect(output.text.hasPrefix("True {") && output.walls == "none")
        #expect(!output.text.contains("HOME"))
        for (rules, tool) in [
            (SandboxedTools.Rules(isRequired: false), tool("host.py", fallsBack: true)),
            (SandboxedTools.Rules(fallsBack: true), tool("host.py", fallsBack: true)),
            (Self.open, tool("host.py")), (Self.open, .pythonExec),
        ] {
            let error = await #expect(throws: ToolFailure.self) { try await port(rules, Self.missing).run(tool, [:]) }
            #expect(error == .sandboxUnavailable(BubblewrapBackend.missing.message))
        }
    }

    @Test func `where there are walls, what may do without has them all the same`() async throws {
        let output = try await port(Self.open).run(tool("host.py", fallsBack: true), [:])
        #expect(output.text == "False {}" && output.walls == "bubblewrap")
    }

    @Test func `a program that is not there is missing, with walls and without`() async {
        for change in [{ (_: inout Machine) in }, Self.missing] {
            let error = await #expect(throws: ToolFailure.self) {
                try await port(Self.open, change).run(tool("nobody.py", fallsBack: true), [:])
            }
            #expect(error == .sandboxCommandMissing)
        }
    }
}
