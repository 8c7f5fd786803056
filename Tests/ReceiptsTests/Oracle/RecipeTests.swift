import Foundation
import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

/// The programs of docs/verify-receipts.md, run as the document says.
@Suite("The recipe in Go", .enabled(if: GoProgram.isExpected, GoProgram.absence), .timeLimit(.minutes(3)))
struct GoRecipeTests {
    let program: GoProgram
    let sample: RecipeSample

    init() async throws {
        program = try await GoProgram(building: .recipe)
        sample = try RecipeSample()
    }

    func arguments(
        key: String? = nil, proof: String? = nil, leaf: String? = nil, since: String? = nil, consistency: String? = nil
    ) -> [String] {
        let files = [
            "-key", key ?? sample.key.verifier.description, "-proof", proof ?? sample.folder.path("receipt.tlog-proof"),
            "-leaf", leaf ?? sample.folder.path("leaf.json"),
        ]
        return since == nil && consistency == nil
            ? files
            : files + [
                "-since", since ?? sample.folder.path("kept.note"), "-consistency",
                consistency ?? sample.folder.path("consistency.json"),
            ]
    }

    @Test("Shows that a leaf is in the log, and that the log only grew")
    func accepts() async throws {
        let alone = try await program.run(arguments())
        #expect(alone.status == 0 && alone.errors.isEmpty)
        #expect(alone.output == "the leaf is number 6 of the 11 of example.com/log\n")
        let both = try await program.run(arguments(since: sample.folder.path("kept.note")))
        #expect(both.status == 0, "\(both.errors)")
        #expect(both.output.hasSuffix("the log has only been added to since it had 4 leaves\n"))
        let shared = try sample.file("sample.tlog-proof", Array(NoteSample.proof.utf8))
        let leaf = try sample.file("sample.leaf", NoteSample.leaf)
        #expect(try await program.run(arguments(key: NoteSample.key, proof: shared, leaf: leaf)).status == 0)
    }

    @Test("Refuses what was changed")
    func refuses() async throws {
        var wrong = sample.proof
        wrong.index = 5
        let index = try sample.file("index", Array(wrong.text.utf8))
        wrong = sample.proof
        wrong.hashes[1] = wrong.hashes[1].flipping(bit: 77)
        let hash = try sample.file("hash", Array(wrong.text.utf8))
        let head = try sample.file("head", Array(sample.proof.text.replacing("\n11\n", with: "\n12\n").utf8))
        let cut = try sample.file("cut", Array(sample.proof.text.utf8.dropLast(300)))
        var bytes = sample.sample.leaf.canonical
        bytes[20] ^= 1
        let leaf = try sample.file("leaf", bytes)
        let other = SigningKey(generatingFor: "example.com/log")
        let forked = try sample.file(
            "forked",
            Array(
                try SignedCheckpoint(
                    Checkpoint(origin: "example.com/log", size: 4, root: .leaf([1])), signedBy: sample.key
                ).text.utf8))
        let foreign = try sample.file(
            "foreign", Array(try SignedCheckpoint(sample.kept.checkpoint, signedBy: other).text.utf8))
        let none = try sample.file("none", Array(#"{"proof":[]}"#.utf8))
        var runs = [
            arguments(proof: index), arguments(proof: hash), arguments(proof: head), arguments(proof: cut),
            arguments(leaf: leaf), arguments(key: other.verifier.description), arguments(key: "x"),
            arguments(since: forked), arguments(since: foreign), arguments(consistency: none),
            arguments(leaf: "/nowhere"),
        ]
        for run in runs {
            let outcome = try await program.run(run)
            #expect(outcome.status == 1 && outcome.errors.hasPrefix("NOT VERIFIED: "), "\(run): \(outcome)")
        }
        runs = [[], arguments().dropLast(2) + [], arguments() + ["more"], arguments() + ["-since", "x"]]
        for run in runs { #expect(try await program.run(run).status == 2) }
    }
}

/// The commands of the document that take files apart.
@Suite("The recipe's own commands", .enabled(if: Program.find("jq") != nil || Checkout.isCI, "missing: jq"))
struct RecipeCommandTests {
    @Test("Take leaf, proof and sizes out of what a stranger gets")
    func commands() async throws {
        let sample = try RecipeSample()
        let document = try String(contentsOf: Checkout.root.appending(path: "docs/verify-receipts.md"), encoding: .utf8)
        let lines = document.split(separator: "\n").filter { line in
            ["jq ", "FROM=", "TO="].contains { line.hasPrefix($0) }
        }
        try #require(lines.count == 4)
        let script = "set -e\ncd \(sample.folder.path)\nrm leaf.json receipt.tlog-proof\n"
        let outcome = try await Program.run(
            "/bin/sh", ["-c", script + lines.joined(separator: "\n") + #"\#necho "$FROM $TO""#])
        #expect(outcome.status == 0 && outcome.output == "4 11\n", "\(outcome)")
        #expect(sample.folder.read("leaf.json") == sample.sample.leaf.canonical)
        #expect(sample.folder.read("receipt.tlog-proof") == Array(sample.proof.text.utf8))
    }
}

@Suite("The recipe in Python", .enabled(if: PythonRecipe.isExpected, PythonRecipe.absence), .timeLimit(.minutes(3)))
struct PythonRecipeTests {
    let sample: RecipeSample

    init() throws {
        sample = try RecipeSample()
    }

    func run(
        _ arguments: [String] = [], bundle: [UInt8]? = nil, key: String? = nil
    ) async throws -> Program.Outcome {
        let file = try sample.file("changed.json", bundle ?? sample.bundle { _ in })
        return try await PythonRecipe.run(["--key", key ?? sample.key.verifier.description] + arguments + [file])
    }

    private func file(_ name: String) -> String { sample.folder.path(name) }

    @Test("Shows all that a bundle holds")
    func accepts() async throws {
        let outcome = try await run(
            [
                "--request", file("request"), "--answer", file("answer"), "--since", file("kept.note"), "--consistency",
                file("consistency.json"),
            ])
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(
            outcome.output == """
                the leaf is number 6 of the 11 of example.com/log
                the 3 steps are those that the leaf binds
                the metadata is the one that the leaf binds
                the request is the one that the leaf binds
                the answer is the one that the leaf binds
                the log has only been added to since it had 4 leaves

                """)
    }

    @Test("Takes the leaf and the steps for what they mean, however they are written")
    func otherWords() async throws {
        let spaced = String(decoding: sample.bundle { $0 = JSONObject($0.members.reversed()) }, as: UTF8.self)
            .replacing(#""v":1"#, with: "\"v\" :\n1").replacing(#""é""#, with: #""\u00E9""#)
        let outcome = try await run(bundle: Array(spaced.utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test("Says of a retired trace that its contents are gone")
    func retired() async throws {
        let bundle = sample.bundle { bundle in
            bundle["steps"] = []
            bundle["salts"] = [:]
            bundle.change("trace") {
                $0["metadata"] = try? JSONValue(parsing: sample.sample.retired(.erased).metadata)
            }
        }
        let outcome = try await run(bundle: bundle)
        #expect(outcome.status == 0 && outcome.output.contains("were deleted (erased)"), "\(outcome.errors)")
        #expect(try await run(["--answer", file("answer")], bundle: bundle).status == 1)
    }

    @Test("Refuses a bundle of which anything was changed")
    func tampered() async throws {
        let other = SigningKey(generatingFor: "example.com/log")
        let forged = InclusionProofFile(
            index: 6, hashes: sample.proof.hashes,
            checkpoint: try SignedCheckpoint(sample.proof.checkpoint.checkpoint, signedBy: other))
        let line = sample.proof.checkpoint.note.signatures[1].line
        let digits = String(line.dropFirst("\u{2014} example.com/log ".count))
        let loose = try #require(Self.withOtherEnd(digits))
        func proof(_ part: String, _ text: String) -> (inout JSONObject) -> Void {
            { $0["proof"] = .string(sample.proof.text.replacing(part, with: text)) }
        }
        func step(_ place: Int, _ change: @escaping (inout JSONObject) -> Void) -> (inout JSONObject) -> Void {
            { bundle in
                bundle.changeArray("steps") { steps in
                    guard var step = steps[place].objectValue else { return }
                    change(&step)
                    steps[place] = .object(step)
                }
            }
        }
        let changes: [(String, String, (inout JSONObject) -> Void)] = [
            ("format", "no receipt bundle", { $0["format"] = "orchestrators.receipt-bundle/v2" }),
            ("leaf's status", "not in the tree", { $0.change("leaf") { $0["status"] = "failed" } }),
            ("leaf's pins", "not in the tree", { $0.change("leaf") { $0["pins"] = [:] } }),
            ("index", "not in the tree", proof("index 6", "index 7")),
            ("index beyond the tree", "not in the tree", proof("index 6", "index 11")),
            ("size", "NOT VERIFIED", proof("\n11\n", "\n12\n")),
            (
                "hash of the proof", "not in the tree",
                {
                    $0["proof"] = .string(
                        sample.proof.text.replacing(
                            sample.proof.hashes[0].base64, with: sample.proof.hashes[0].flipping(bit: 3).base64))
                }
            ),
            ("hash left out", "too short", proof(sample.proof.hashes[0].base64 + "\n", "")),
            ("signed by another key", "not signed by the key", { $0["proof"] = .string(forged.text) }),
            ("loose base 64", "not strict base 64", proof(digits, loose)),
            ("white space in base 64", "NOT VERIFIED", proof(digits, digits + " ")),
            ("trace", "another one", { $0.change("trace") { $0["id"] = "0" } }),
            (
                "metadata", "metadata is not the one",
                {
                    $0.change("trace") { $0.change("metadata") { $0["caller"] = "e" } }
                }
            ),
            ("a step's payload", "step 2 (intent_router)", step(1) { $0.change("payload") { $0["score"] = 1e20 } }),
            ("a step's time", "step 1 (policy_snapshot)", step(0) { $0["created_at"] = "2023-11-14T22:13:20.123457Z" }),
            ("a step too few", "binds 3 steps, and 2", { $0.changeArray("steps") { $0.removeLast() } }),
            ("steps exchanged", "step 1", { $0.changeArray("steps") { $0.swapAt(0, 1) } }),
            (
                "a salt", "metadata is not the one",
                {
                    $0.change("salts") { $0["metadata"] = .string(String(repeating: "0", count: 64)) }
                }
            ),
            ("no salts", "cannot open", { $0["salts"] = nil }),
        ]
        for (what, message, change) in changes {
            let outcome = try await run(bundle: sample.bundle(change))
            #expect(outcome.status == 1 && outcome.errors.contains(message), "\(what): \(outcome)")
            #expect(outcome.errors.hasPrefix("NOT VERIFIED: "), "\(what)")
        }
    }

    @Test("Refuses other contents, other keys, other logs, and what is no bundle")
    func others() async throws {
        let other = SigningKey(generatingFor: "example.com/log")
        let fork = try SignedCheckpoint(
            Checkpoint(origin: "example.com/log", size: 4, root: .leaf([1])), signedBy: sample.key)
        let forked = try sample.file("forked", Array(fork.text.utf8))
        let runs: [(String, [UInt8]?, String?, [String])] = [
            ("request is not the one", nil, nil, ["--request", file("answer")]),
            ("answer is not the one", nil, nil, ["--answer", file("request")]),
            ("not signed by the key", nil, other.verifier.description, []),
            ("bad key", nil, sample.key.verifier.description.replacing("log+", with: "log2+"), []),
            ("rewritten", nil, nil, ["--since", forked, "--consistency", file("consistency.json")]),
            ("stands twice", Array(#"{"format":"x","format":"x"}"#.utf8), nil, []),
            ("Expecting value", Array("x".utf8), nil, []), ("Expecting value", [], nil, []),
        ]
        for (message, bundle, key, arguments) in runs {
            let outcome = try await run(arguments, bundle: bundle, key: key)
            #expect(outcome.status == 1 && outcome.errors.contains(message), "\(message): \(outcome)")
            #expect(outcome.errors.hasPrefix("NOT VERIFIED: "))
        }
        #expect(try await run(["--since", forked]).status == 2)
    }

    /// The same base 64 with a bit set beyond the last byte.
    private static func withOtherEnd(_ text: String) -> String? {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let padding = text.reversed().prefix { $0 == "=" }.count
        let body = text.dropLast(padding)
        guard padding > 0, let place = body.last.flatMap({ digits.firstIndex(of: $0) }) else { return nil }
        return body.dropLast() + String(digits[place ^ 1]) + String(repeating: "=", count: padding)
    }
}

/// The script, and a Python that has the package cryptography.
enum PythonRecipe {
    static let script = Checkout.root.appending(path: "examples/verify-receipts/verify.py").path
    static let python: String? = {
        let named = ProcessInfo.processInfo.environment["ORCH_TEST_PYTHON"]
        return [named, Checkout.root.appending(path: ".venv-test/bin/python").path].compactMap(\.self)
            .first { hasCryptography($0) }
    }()
    static let isExpected = python != nil || Checkout.isCI
    static let absence: Comment =
        "missing: a Python with the package cryptography: ORCH_TEST_PYTHON (scripts/test makes one)"

    static func run(_ arguments: [String]) async throws -> Program.Outcome {
        guard let python else { throw TestFailure(absence.rawValue) }
        return try await Program.run(python, ["-B", script] + arguments)
    }

    /// Whether the package lies beside the interpreter; nothing is started to find out.
    private static func hasCryptography(_ python: String) -> Bool {
        let libraries = URL(filePath: python).deletingLastPathComponent().appending(path: "../lib").standardizedFileURL
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries.path)) ?? []
        return versions.contains { version in
            FileManager.default.fileExists(
                atPath: libraries.appending(path: "\(version)/site-packages/cryptography").path)
        }
    }
}
