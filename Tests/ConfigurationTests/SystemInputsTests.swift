import Foundation
import Testing

@testable import OrchConfiguration

struct SystemInputsTests {
    private func withFile<Result>(_ content: Data, _ body: (String) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dotenv-\(UUID().uuidString)")
        try content.write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try body(path.path)
    }

    @Test func `a file that is not there is no file`() throws {
        #expect(try SystemInputs.dotEnv(atPath: "/nowhere/at/all/.env") == nil)
    }

    @Test func `a file is read whole, up to the limit`() throws {
        let text = "A=" + String(repeating: "x", count: SystemInputs.dotEnvByteLimit - 2)
        #expect(try withFile(Data(text.utf8)) { try SystemInputs.dotEnv(atPath: $0) } == text)
        let error = #expect(throws: ConfigurationError.self) {
            try withFile(Data((text + "x").utf8)) { try SystemInputs.dotEnv(atPath: $0) }
        }
        #expect(error?.violations.first?.reason == "it is longer than 1048576 bytes")
    }

    @Test func `an empty file is an empty text`() throws {
        #expect(try withFile(Data()) { try SystemInputs.dotEnv(atPath: $0) } == "")
    }

    @Test func `bytes that are no UTF-8 are refused`() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try withFile(Data([0x41, 0x3d, 0xff])) { try SystemInputs.dotEnv(atPath: $0) }
        }
        #expect(error?.violations.first?.reason == "it is not UTF-8")
    }

    @Test(arguments: ["/tmp", "/dev/null"])
    func `what is no regular file is refused, and does not hang`(path: String) {
        let error = #expect(throws: ConfigurationError.self) { try SystemInputs.dotEnv(atPath: path) }
        #expect(error?.violations.first?.reason == "it is not a regular file")
    }

    @Test func `a pipe without a writer is refused, and does not hang`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("pipe-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: ConfigurationError.self) { try SystemInputs.dotEnv(atPath: path) }
    }

    @Test func `the environment is that of the process`() throws {
        let inputs = try SystemInputs.load(arguments: ["ORCH_PORT": "1"], dotEnvPath: "/nowhere/.env")
        #expect(inputs.environment["PATH"] == ProcessInfo.processInfo.environment["PATH"])
        #expect(inputs.environment.count == ProcessInfo.processInfo.environment.count)
        #expect(inputs.arguments == ["ORCH_PORT": "1"])
        #expect(inputs.dotEnv == nil)
    }
}
