import OrchCore
import OrchReceipts
import Testing

@Suite("Verdicts on traces")
struct TraceVerdictTests {
    static let key = SigningKey(generatingFor: "example.com/log")
    static let policy = TraceVerdict.Policy(hash: TraceSample.policyHash, path: "policy.yaml", isEnforced: true)

    /// The evidence of the sample as leaf 3 of a log of 7.
    static func evidence(_ sample: TraceSample, signedBy key: SigningKey = key) throws -> TraceEvidence {
        var log = MemoryLog()
        for index in 0..<7 { log.append(index == 3 ? .leaf(sample.leaf.canonical) : .leaf([UInt8(index)])) }
        log.store()
        var maker = log.proofs(size: 7)
        let head = Checkpoint(origin: key.verifier.name, size: 7, root: log.tree.root)
        return TraceEvidence(
            stored: sample.stored,
            log: TraceEvidence.InLog(
                index: 3, leaf: sample.leaf.canonical, treeHash: try maker.leaf(at: 3),
                proof: try maker.inclusion(of: 3), checkpoint: try SignedCheckpoint(head, signedBy: key)))
    }

    static func verdict(
        _ evidence: TraceEvidence, keys: [VerifierKey] = [key.verifier], policy: TraceVerdict.Policy = policy
    ) -> TraceVerdict {
        TraceVerdict(TraceSample.id, evidence, keys: keys, policy: policy)
    }

    let sample: TraceSample
    let evidence: TraceEvidence

    init() throws {
        sample = try TraceSample()
        evidence = try Self.evidence(sample)
    }

    @Test("Are valid where leaf, contents and policy are what they were")
    func verified() throws {
        let verdict = Self.verdict(evidence)
        #expect(verdict.isValid && verdict.reason == .verified && verdict.content == .verified && verdict.isIncluded)
        #expect(verdict.traceID == TraceSample.id && verdict.tracePolicyHash == TraceSample.policyHash)
        #expect(verdict.policySteps == 1 && verdict.log?.index == 3 && verdict.policy.path == "policy.yaml")
    }

    @Test("Count the steps that tell of policy")
    func policySteps() throws {
        var trace = TraceSample.trace
        trace.steps.append(Step(.policySnapshot, at: TraceSample.closed, [:]))
        #expect(Self.verdict(try Self.evidence(try TraceSample(trace: trace))).policySteps == 2)
    }

    @Test("Tell a policy that was changed, or is missing, from tampering")
    func policies() throws {
        var changed = Self.policy
        changed.hash = String(repeating: "cd", count: 32)
        let other = Self.verdict(evidence, policy: changed)
        #expect(other.reason == .policyChanged && !other.isValid && other.content == .verified && other.isIncluded)
        changed.hash = nil
        #expect(Self.verdict(evidence, policy: changed).reason == .policyMissing)
        var trace = TraceSample.trace
        trace.steps.removeFirst()
        let none = Self.verdict(try Self.evidence(try TraceSample(trace: trace)))
        #expect(none.reason == .policyMissing && none.tracePolicyHash == nil && none.policySteps == 0)
    }

    @Test("Are not_in_log where no leaf names the trace")
    func noLeaf() {
        let verdict = Self.verdict(TraceEvidence(stored: sample.stored, log: nil))
        #expect(verdict.reason == .notInLog && !verdict.isIncluded && verdict.log == nil && !verdict.isValid)
        #expect(verdict.tracePolicyHash == nil && verdict.policySteps == 0)
    }

    @Test("Are not_in_log where the leaf is not in the tree that a key of the log has signed")
    func notIncluded() throws {
        var log = try #require(evidence.log)
        func reason(_ log: TraceEvidence.InLog, keys: [VerifierKey] = [Self.key.verifier]) -> TraceVerdict.Reason {
            Self.verdict(TraceEvidence(stored: sample.stored, log: log), keys: keys).reason
        }
        #expect(reason(log) == .verified)
        #expect(reason(log, keys: []) == .notInLog)
        #expect(reason(log, keys: [SigningKey(generatingFor: "example.com/log").verifier]) == .notInLog)
        for index in [-1, 2, 4, 7, .max] {
            log.index = index
            #expect(reason(log) == .notInLog, "\(index)")
        }
        log.index = 3
        for place in log.proof.indices {
            var changed = log
            changed.proof[place] = changed.proof[place].flipping(bit: 9)
            #expect(reason(changed) == .notInLog)
        }
        let other = SigningKey(generatingFor: "example.com/other")
        let foreign = try #require(try Self.evidence(sample, signedBy: other).log)
        #expect(reason(foreign) == .notInLog)
        #expect(reason(foreign, keys: [Self.key.verifier, other.verifier]) == .verified)
    }

    @Test("Are not_in_log where the stored leaf is another than the one in the tree")
    func otherLeaf() throws {
        var log = try #require(evidence.log)
        log.leaf = try TraceSample(status: .failed).leaf.canonical
        #expect(Self.verdict(TraceEvidence(stored: sample.stored, log: log)).reason == .notInLog)
    }

    @Test("Are content_mismatch where what is stored was changed")
    func mismatch() {
        var stored = sample.stored
        stored.steps[1].json[10] ^= 1
        let verdict = Self.verdict(TraceEvidence(stored: stored, log: evidence.log))
        #expect(verdict.reason == .contentMismatch && verdict.isIncluded && !verdict.isValid)
        #expect(verdict.content == .mismatch("step 2 (intent_router): trace_steps.step_json was changed"))
        #expect(Self.verdict(TraceEvidence(stored: nil, log: evidence.log)).reason == .contentMismatch)
    }

    @Test("Are content_mismatch where the leaf is not one")
    func brokenLeaf() throws {
        var log = try #require(evidence.log)
        log.leaf = Array("{}".utf8)
        let verdict = Self.verdict(TraceEvidence(stored: sample.stored, log: log))
        #expect(verdict.reason == .contentMismatch && !verdict.isIncluded)
        #expect(verdict.content == .mismatch("its leaf is not in its format"))
    }

    @Test("Are retired where the contents were deleted, whatever the policy", arguments: Retirement.allCases)
    func retired(_ retirement: Retirement) {
        let evidence = TraceEvidence(stored: sample.retired(retirement), log: evidence.log)
        var none = Self.policy
        none.hash = nil
        for policy in [Self.policy, none] {
            let verdict = Self.verdict(evidence, policy: policy)
            #expect(verdict.reason == .retired && !verdict.isValid && verdict.isIncluded)
            #expect(verdict.content == .retired(retirement) && verdict.tracePolicyHash == TraceSample.policyHash)
        }
    }

    @Test("Have the specification's words for their reasons")
    func words() {
        #expect(
            TraceVerdict.Reason.allCases.map(\.rawValue) == [
                "verified", "not_in_log", "content_mismatch", "retired", "policy_changed", "policy_missing",
            ])
    }
}
