import OrchCore
import Testing

@testable import OrchRouting

@Suite struct IntentSignatureTests {
    private let signer = IntentSigner(secret: Redacted([UInt8](repeating: 7, count: 32)))
    private let context = IntentSignature.Context(intents: "i", embedder: "e", thresholds: "t", agent: "support")

    @Test func `signatures are those that another program makes from the same key`() {
        // Made with Python's hmac and hashlib.
        #expect(
            signer.signature(of: "  What\tis \u{A0}STRAßE\n5?", context: context).hexadecimal
                == "9485160692a6e513c49412905206b07785c1ad99ea15b8a4aa3be27ff304dccc")
        var other = context
        other.agent = nil
        #expect(
            signer.signature(of: "", context: other).hexadecimal
                == "07dce51fa88c5668bc8398f7b6a7e9cf057b759e2b78107e94cc671affbc749b")
    }

    @Test func `another key, agent, catalogue, embedder or threshold gives another signature`() {
        var contexts = [context]
        for (path, value) in [
            (\IntentSignature.Context.intents, "j"), (\.embedder, "f"), (\.thresholds, "u"), (\.intents, ""),
        ] {
            contexts.append(context)
            contexts[contexts.count - 1][keyPath: path] = value
        }
        for agent in [nil, "", "Support", "support ", "suppor"] as [String?] {
            contexts.append(context)
            contexts[contexts.count - 1].agent = agent
        }
        var signatures = Set(contexts.map { signer.signature(of: "text", context: $0) })
        signatures.insert(
            IntentSigner(secret: Redacted([UInt8](repeating: 8, count: 32))).signature(of: "text", context: context))
        #expect(signatures.count == contexts.count + 1)
    }

    @Test func `no part runs into the next one`() {
        func signature(_ parts: [String], _ text: String) -> IntentSignature {
            signer.signature(
                of: text,
                context: IntentSignature.Context(
                    intents: parts[0], embedder: parts[1], thresholds: parts[2], agent: parts.count > 3 ? parts[3] : nil
                )
            )
        }
        let signatures: Set = [
            signature(["ab", "", "", ""], ""), signature(["a", "b", "", ""], ""), signature(["", "ab", "", ""], ""),
            signature(["", "", "ab", ""], ""), signature(["", "", "", "ab"], ""), signature(["", "", "", ""], "ab"),
            signature(["", "", "", "a"], "b"), signature(["", "", ""], "ab"), signature(["", "", "ab"], ""),
        ]
        #expect(signatures.count == 9)
    }

    @Test func `digits read back as the signature, and no others do`() {
        let signature = signer.signature(of: "a", context: context)
        #expect(IntentSignature(hexadecimal: signature.hexadecimal) == signature)
        #expect(signature.bytes.count == 32 && Hexadecimal.encode(signature.bytes) == signature.hexadecimal)
        for text in [
            "", "00", signature.hexadecimal.uppercased(), signature.hexadecimal + "00", " " + signature.hexadecimal,
            String(signature.hexadecimal.dropLast()), String(repeating: "g", count: 64),
        ] {
            #expect(IntentSignature(hexadecimal: text) == nil)
        }
    }

    @Test func `a text of a megabyte is signed whole`() {
        let text = String(repeating: "ab ", count: 1 << 19)
        let signature = signer.signature(of: text + "c", context: context)
        #expect(signature == signer.signature(of: text + "\n\n C \u{0}", context: context))
        #expect(signature != signer.signature(of: text + "d", context: context))
        let spaces = String(repeating: " \u{3000}", count: 1 << 18)
        #expect(signer.signature(of: spaces, context: context) == signer.signature(of: "", context: context))
    }
}
