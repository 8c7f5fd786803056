import OrchCore
import OrchReceipts

/// A question to the Go verifier, and what it should answer.
struct OracleCase: Sendable {
    var name: String
    var isRight: Bool
    var line: [UInt8]

    static func checkpoint(_ name: String, isRight: Bool = true, _ note: String, _ key: VerifierKey) -> OracleCase {
        OracleCase(name, isRight) { writer in
            writer.member("kind", "checkpoint")
            writer.member("note", note)
            writer.member("vkey", key.description)
        }
    }

    static func inclusion(
        _ name: String, isRight: Bool = true, _ file: String, leaf: [UInt8], _ key: VerifierKey
    ) -> OracleCase {
        OracleCase(name, isRight) { writer in
            writer.member("kind", "inclusion")
            writer.member("proof", file)
            writer.member("leaf", Base64.encode(leaf))
            writer.member("vkey", key.description)
        }
    }

    static func consistency(_ name: String, isRight: Bool = true, _ proof: ConsistencyProof) -> OracleCase {
        OracleCase(name, isRight) { writer in
            writer.member("kind", "consistency")
            writer.member("from", proof.from)
            writer.member("to", proof.to)
            writer.member("from_root", proof.fromRoot.hexadecimal)
            writer.member("to_root", proof.toRoot.hexadecimal)
            writer.member("proof", .array(proof.hashes.map { .string($0.hexadecimal) }))
        }
    }

    private init(_ name: String, _ isRight: Bool, _ members: (inout JSONWriter) -> Void) {
        self.name = name
        self.isRight = isRight
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        members(&writer)
        writer.endObject()
        line = writer.bytes
    }
}

extension GoProgram {
    struct Answer: Sendable {
        var isAccepted: Bool
        var error: String
    }

    /// Puts cases to the oracle.
    func judge(_ cases: [OracleCase]) async throws -> [Answer] {
        let outcome = try await run(input: Array(cases.map(\.line).joined(separator: [0x0A])) + [0x0A])
        guard outcome.status == 0 else {
            throw TestFailure("the oracle ended with \(outcome.status): \(outcome.errors)")
        }
        let answers = try outcome.output.split(separator: "\n").map { line in
            let root = try JSONDocument(parsing: Array(line.utf8)).root
            return Answer(isAccepted: root["ok"]?.bool ?? false, error: root["error"]?.string ?? "")
        }
        guard answers.count == cases.count else {
            throw TestFailure("\(cases.count) cases, and \(answers.count) answers")
        }
        return answers
    }

    /// Names the cases on which the oracle says something else than it should.
    func faults(_ cases: [OracleCase]) async throws -> [String] {
        zip(cases, try await judge(cases)).filter { $0.isRight != $1.isAccepted }.map { judged, answer in
            "\(judged.name): \(answer.isAccepted ? "accepted" : answer.error)"
        }
    }
}
