import OrchCore
import OrchProviders
import Testing

extension ProviderConformance {
    func streamedAnswer() async throws {
        try await withProvider(subject.chatPath, streamReply([Array(subject.stream.utf8)])) { provider in
            let stream = try await provider.stream(Self.call)
            var chunks: [JSONDocument] = []
            while let chunk = try await stream.next() { chunks.append(chunk) }
            #expect(try await stream.next() == nil, "the end stays the end")
            #expect(Set(chunks.map { $0.root["id"]?.string }).count == 1)
            #expect(Set(chunks.map { $0.root["created"]?.int }).count == 1)
            #expect(chunks.allSatisfy { $0.root["object"]?.string == "chat.completion.chunk" })
            let first = chunks.first?.root["choices"]?.elements.first { _ in true }
            #expect(first?["delta"]?["role"]?.string == "assistant")
            #expect(StreamSummary(chunks) == .expected)
        }
    }

    func streams(pieces: [[UInt8]], pause: Duration = .zero) async throws {
        try await withProvider(subject.chatPath, streamReply(pieces, pause: pause)) { provider in
            let summary = try await provider.summary(Self.call)
            #expect(summary == .expected)
        }
    }

    func cutAtEveryByte() async throws {
        let bytes = Array(subject.stream.utf8)
        for position in 1..<bytes.count {
            try await streams(pieces: [Array(bytes[..<position]), Array(bytes[position...])])
        }
    }

    /// The server breaks off in the middle of a piece that follows whole ones.
    func brokenStream(ending: ScriptedReply.Ending, _ code: ProviderError.Code) async throws {
        let bytes = Array(subject.stream.utf8.prefix(subject.stream.utf8.count / 3))
        var call = Self.call
        call.timeout = .milliseconds(150)
        try await withProvider(subject.chatPath, streamReply([bytes], ending: ending)) { provider in
            #expect(await provider.failureOfStream(call)?.code == code)
        }
    }

    /// Wherever the server ends in good order too early, that is no complete answer.
    func endedEarlyStream() async throws {
        let bytes = Array(subject.stream.utf8)
        for length in stride(from: 0, to: bytes.count, by: 3) {
            try await withProvider(subject.chatPath, streamReply([Array(bytes[..<length])])) { provider in
                do {
                    let summary = try await provider.summary(Self.call)
                    #expect(summary.text == ProviderSubject.text && summary.finishReason == "stop", "at byte \(length)")
                } catch let error as ProviderError {
                    #expect(error.code == .unreachable, "at byte \(length)")
                }
            }
        }
    }

    func malformedStream() async throws {
        let faults = ["data: {\"choices\":[\n\n", "data: []\n\n", "data: no\n\n"]
        let lines = ["{\"message\":\n", "[]\n", "no\n"]
        for text in subject.streamType.hasPrefix("text/event-stream") ? faults : lines {
            try await withProvider(subject.chatPath, streamReply([Array(text.utf8)])) { provider in
                #expect(await provider.failureOfStream(Self.call)?.code == .malformedAnswer, "\(text)")
            }
        }
    }

    func hugePiece() async throws {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let pieces = [[UInt8]](repeating: piece, count: 9)
        try await withProvider(subject.chatPath, streamReply(pieces, ending: .stalled)) { provider in
            #expect(await provider.failureOfStream(Self.call)?.code == .malformedAnswer)
        }
    }

    func failureInsideStream() async throws {
        try await withProvider(subject.chatPath, streamReply([Array(subject.failingStream.utf8)])) { provider in
            let stream = try await provider.stream(Self.call)
            let first = try await stream.next()
            #expect(StreamSummary([first].compactMap(\.self)).text == "half", "what came before is given")
            for _ in 0..<2 {
                await #expect { _ = try await stream.next() } throws: { ($0 as? ProviderError)?.code == .failed }
            }
        }
    }

    func cancelledStream() async throws {
        let bytes = Array(subject.stream.utf8.prefix(subject.stream.utf8.count / 3))
        try await withProvider(subject.chatPath, streamReply([bytes], ending: .stalled)) { provider in
            let error = await cancelling { await provider.failureOfStream(Self.call) }
            #expect(error?.code == .cancelled)
        }
    }

    func givenUpStream() async throws {
        let bytes = Array(subject.stream.utf8)
        try await withProvider(subject.chatPath, streamReply([bytes], ending: .stalled)) { provider in
            let stream = try await provider.stream(Self.call)
            #expect(try await stream.next() != nil)
            stream.cancel()
            stream.cancel()
        }
    }
}

/// What a stream said in all.
struct StreamSummary: Equatable {
    var text = ""
    var finishReason: String?
    var totalTokens: Int?

    static let expected = StreamSummary(text: ProviderSubject.text, finishReason: "stop", totalTokens: 15)

    init(text: String, finishReason: String?, totalTokens: Int?) {
        self.text = text
        self.finishReason = finishReason
        self.totalTokens = totalTokens
    }

    init(_ chunks: [JSONDocument]) {
        for root in chunks.map(\.root) {
            for choice in root["choices"].map({ Array($0.elements) }) ?? [] {
                text += choice["delta"]?["content"]?.string ?? ""
                finishReason = choice["finish_reason"]?.string ?? finishReason
            }
            totalTokens = root["usage"]?["total_tokens"]?.int ?? totalTokens
        }
    }
}
