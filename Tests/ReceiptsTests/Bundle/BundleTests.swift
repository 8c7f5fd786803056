import OrchCore
import OrchReceipts
import Testing

@Suite("Receipt bundles")
struct BundleTests {
    private let sample = BundleSample()

    // MARK: Making

    @Test("Read back as they were written, and hold", arguments: 0..<7)
    func roundTrip(index: Int) throws {
        for withSalts in [false, true] {
            let bundle = try sample.bundle(index, withSalts: withSalts)
            let read = try ReceiptBundle(parsing: bundle.bytes)
            #expect(read == bundle && read.bytes == bundle.bytes)
            let check = read.check(key: sample.key.verifier, contents: withSalts ? BundleSample.contents : [:])
            #expect(check.holds && check.isLeafInLog && check.isCheckpointSigned && check.content == .verified)
            #expect(check.openings == (withSalts ? [.request: .matches, .answer: .matches] : [:]))
        }
    }

    @Test("Have their members in a fixed order, and a line's end behind them")
    func form() throws {
        let bytes = try sample.bundle(withSalts: true).bytes
        #expect(bytes.last == 0x0A && !bytes.dropLast().contains(0x0A))
        let root = try #require(try JSONValue(parsing: bytes).objectValue)
        #expect(root.keys == ["format", "leaf", "trace", "steps", "proof", "salts"])
        #expect(root["format"] == "orchestrators.receipt-bundle/v1")
        #expect(root["trace"]?.objectValue?.keys == ["id", "created_at", "metadata"])
        let steps = try #require(root["steps"]?.arrayValue)
        #expect(steps.allSatisfy { $0.objectValue?.keys == ["created_at", "payload", "step_type"] })
        #expect(root["salts"]?.objectValue?.keys == ["answer", "metadata", "request"])
        #expect(root["proof"]?.stringValue?.hasSuffix(try sample.checkpoint.text) == true)
        #expect(try InclusionProofFile(parsing: root["proof"]?.stringValue ?? "").index == 4)
    }

    @Test("Carry the salt of the metadata, those of request and answer only when asked, and never the trace's")
    func salts() throws {
        let salt = sample.entries[4].salt
        #expect(try sample.bundle().salts == [.metadata: salt.salt(of: "metadata")])
        #expect(try sample.bundle(withSalts: true).salts.count == 3)
        let text = String(decoding: try sample.bundle(withSalts: true).bytes, as: UTF8.self)
        #expect(!text.contains(Hexadecimal.encode(salt.bytes)))
    }

    @Test("Of a retired trace hold its leaf, and nothing of what it held", arguments: Retirement.allCases)
    func retired(retirement: Retirement) throws {
        let bundle = try ReceiptBundle(try sample.retired(4, retirement), withSalts: true)
        #expect(bundle.steps.isEmpty && bundle.salts.isEmpty)
        let check = try ReceiptBundle(parsing: bundle.bytes).check(key: sample.key.verifier)
        #expect(check.content == .retired(retirement) && check.holds)
        let opened = bundle.check(key: sample.key.verifier, contents: BundleSample.contents)
        #expect(opened.openings == [.request: .noSalt, .answer: .noSalt] && !opened.holds)
    }

    @Test("Are not made of what does not hold")
    func refusedEvidence() throws {
        func code(_ change: (inout TraceEvidence) -> Void) throws -> BundleError.Code? {
            var evidence = try sample.evidence(4)
            change(&evidence)
            do throws(BundleError) { _ = try ReceiptBundle(evidence) } catch { return error.code }
            return nil
        }
        #expect(try code { _ in } == nil)
        #expect(try code { $0.log = nil } == .notInLog)
        #expect(try code { $0.log?.index = 3 } == .notInLog)
        #expect(try code { $0.log?.proof.removeLast() } == .notInLog)
        #expect(try code { $0.log?.leaf[20] ^= 1 } == .notInLog)
        #expect(try code { $0.stored = nil } == .contentMismatch)
        #expect(try code { $0.stored?.metadata[3] ^= 1 } == .contentMismatch)
        #expect(try code { $0.stored?.steps[1].json[3] ^= 1 } == .contentMismatch)
        #expect(try code { $0.stored?.steps.removeLast() } == .contentMismatch)
        #expect(try code { $0.stored?.salt = nil } == .contentMismatch)
    }

    // MARK: Keys

    @Test("Hold for the log's key alone")
    func keys() throws {
        let bundle = try sample.bundle()
        let sameName = SigningKey(generatingFor: sample.key.verifier.name).verifier
        let other = SigningKey(generatingFor: "example.com/other").verifier
        for key in [sameName, other] {
            let check = bundle.check(key: key)
            #expect(!check.isCheckpointSigned && !check.holds)
            #expect(check.isLeafInLog && check.content == .verified)
            #expect(check.signatureFault?.code == .unverified)
        }
    }

    @Test("Of one log do not hold with the checkpoint of another, though the same key signed it")
    func otherLog() throws {
        var other = BundleSample()
        other.key = sample.key
        var bundle = try sample.bundle()
        bundle.proof.checkpoint = try other.checkpoint
        let check = bundle.check(key: sample.key.verifier)
        #expect(check.isCheckpointSigned && !check.isLeafInLog && !check.holds)
    }

    // MARK: Contents

    @Test("Tell a content that was bound from any other")
    func contents() throws {
        let bundle = try sample.bundle(withSalts: true)
        func opening(_ name: Commitment.Name, _ content: [UInt8]) -> BundleCheck.Opening? {
            bundle.check(key: sample.key.verifier, contents: [name: content]).openings[name]
        }
        #expect(opening(.answer, BundleSample.answer) == .matches)
        #expect(opening(.answer, BundleSample.answer + [0x0A]) == .differs)
        #expect(opening(.answer, []) == .differs)
        #expect(opening(.answer, BundleSample.request) == .differs)
        #expect(opening(.request, BundleSample.request) == .matches)
        let bare = try sample.bundle().check(key: sample.key.verifier, contents: BundleSample.contents)
        #expect(bare.openings == [.request: .noSalt, .answer: .noSalt] && !bare.holds)
    }

    @Test("Say so where the leaf binds no content of a name")
    func notBound() throws {
        var bundle = try sample.bundle()
        bundle.leaf.commitments.removeAll { $0.name == "answer" }
        let check = bundle.check(key: sample.key.verifier, contents: [.answer: BundleSample.answer])
        #expect(check.openings == [.answer: .notBound] && !check.holds)
    }

    @Test("From which a holder took the contents do not pass for verified")
    func stripped() throws {
        var bundle = try sample.bundle()
        bundle.steps = []
        bundle.salts = [:]
        func content() -> ContentVerdict { bundle.check(key: sample.key.verifier).content }
        #expect(content() == .mismatch("there are 0 steps, and the leaf binds 2"))
        // All that can be claimed is that they were deleted; then nothing is shown.
        bundle.metadata = Retirement.erased.metadata(status: bundle.leaf.status, closedAt: bundle.leaf.closedAt)
        #expect(content() == .retired(.erased))
        bundle.salts = try sample.bundle().salts
        #expect(content() == .mismatch("there are 0 steps, and the leaf binds 2"))
    }
}
