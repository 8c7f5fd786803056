import OrchCore
import OrchProviders
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("Receipts commit to what was said")
struct CommitmentTests {
    @Test(
        "To the request's body and the answer's text, whole and streamed", arguments: ["hello", "calc 1+1", "break it"])
    func chat(_ text: String) async throws {
        for elsewhere in [false, true] {
            for cap in [0, 3] {
                let change: (inout Bench.Options) -> Void = {
                    $0.asksOtherMachines = elsewhere
                    $0.maximumOutputCharacters = cap
                }
                let whole = try Bench(change)
                let body = Bench.body(text)
                let root = try await whole.whole(body)
                let answer = root["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string ?? "none"
                #expect(whole.log.commitments == [.answer, .metadata, .request])
                #expect(whole.log.commits(.request, to: body.utf8))
                #expect(whole.log.commits(.answer, to: answer.utf8), "\(answer)")
                #expect(!whole.log.commits(.answer, to: (answer + " ").utf8))

                let streamed = try Bench(change)
                let streamBody = Bench.body(text, "\"stream\":true")
                let record = try await streamed.stream(streamBody)
                #expect(streamed.log.commits(.request, to: streamBody.utf8))
                #expect(streamed.log.commits(.answer, to: record.text().utf8), "\(record.text())")
            }
        }
    }

    @Test("Of several choices the first one's text is meant")
    func choices() async throws {
        let bench = try Bench {
            $0.script.chunks = [
                #"{"choices":[{"index":1,"delta":{"role":"assistant","content":"no"}}]}"#,
                #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"yes"}}]}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
                #"{"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}"#,
            ]
        }
        _ = try await bench.stream(Bench.body("hello", "\"stream\":true"))
        #expect(bench.log.commits(.answer, to: "yes".utf8))
    }

    @Test("A request that failed has no answer to commit to")
    func failed() async throws {
        let bench = try Bench { $0.script.failure = .init(.timedOut, "too slow") }
        _ = await bench.failure(Bench.body("hello"))
        #expect(bench.log.status == "failed" && bench.log.commitments == [.metadata, .request])
    }

    @Test("An opening keeps the request's commitment for the end, whatever the end is")
    func opening() async throws {
        let bench = try Bench()
        let body = Bench.body("hello", "\"stream\":true")
        _ = try await bench.stream(body)
        let (opening, closing) = (bench.log.entries[0], bench.log.entries[1])
        #expect(opening.commitments.map(\.name) == [.request] && opening.leaf == nil)
        #expect(opening.salt == closing.salt && opening.commitments[0] == closing.commitments.last)
        // The leaf binds the steps of both.
        let leaf = try Leaf(parsing: try #require(closing.leaf).bytes)
        #expect(leaf.steps.map(\.type) == (opening.steps + closing.steps).map(\.type))
        #expect(leaf.pins == Bench.pins.canonical)
    }

    @Test("Every trace has a salt of its own")
    func salts() async throws {
        let bench = try Bench()
        for _ in 0..<10 { _ = try await bench.whole(Bench.body("calc 1")) }
        #expect(Set(bench.log.entries.map(\.salt.bytes)).count == 10)
        #expect(Set(bench.log.entries.flatMap(\.commitments).map(\.hash)).count == 30)
    }
}
