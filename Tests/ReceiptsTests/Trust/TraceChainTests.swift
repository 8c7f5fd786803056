import OrchReceipts
import Testing

@Suite("The chain over a trace's steps")
struct TraceChainTests {
    private func step(_ place: Int, _ type: String, _ createdAt: String, _ json: String) -> StoredTrace.Step {
        StoredTrace.Step(
            id: Array("t/000\(place)".utf8), traceID: Array("t".utf8), type: Array(type.utf8),
            createdAt: Array(createdAt.utf8), json: Array(json.utf8))
    }

    /// Computed with Python's hashlib, from the text of the specification.
    @Test("Is the one that was computed by hand")
    func knownAnswer() {
        let steps = [
            step(0, "token_usage", "2026-01-02T03:04:05.000006Z", #"{"input_tokens":7}"#),
            step(1, "error", "2026-01-02T03:04:05.000007Z", #"{"code":"cancelled"}"#),
        ]
        #expect(
            steps.map(\.hash.hexadecimal) == [
                "49713b8ae58fcd413731e17025f8c9507c0f8acefbbf1d6406998858b756e2cc",
                "ec8ba4a16b47b5dbb1b1e68c21232f8918cf8b147a99fc62abdb99b094ea71d8",
            ])
        let chain = TraceChain(steps.map(\.hash))
        #expect(
            chain.links.map(\.hexadecimal) == [
                "47865931276d5522e101f1ee2d6b7eb8f708696a43f8fce9be5ffc94a4b09192",
                "e57f47020a937153a08362ea06a4b887e0db1296cedb69603700d73db61699b2",
            ])
        #expect(chain.head == chain.links[1].hexadecimal)
    }

    @Test("Of no steps is 64 zeros")
    func empty() {
        #expect(TraceChain([]).head == String(repeating: "0", count: 64))
        #expect(TraceChain([]).links.isEmpty)
    }

    @Test("Changes with the order, with every step, and with their number")
    func changes() {
        let hashes = (0..<4).map { MerkleHash.sha256([UInt8($0)]) }
        let head = TraceChain(hashes).head
        #expect(TraceChain(hashes.reversed()).head != head)
        #expect(TraceChain(hashes.dropLast()).head != head)
        #expect(TraceChain(hashes.dropLast()).links == Array(TraceChain(hashes).links.dropLast()))
        for place in hashes.indices {
            var other = hashes
            other[place] = .sha256([9])
            #expect(TraceChain(other).head != head)
        }
    }
}
