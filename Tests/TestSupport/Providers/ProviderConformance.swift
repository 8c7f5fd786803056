import OrchCore
import OrchEgress
import OrchProviders
import Testing

/// What every provider owes its callers, whatever its server does; the server is played by a ``ScriptHost``.
package struct ProviderConformance: Sendable {
    package enum Check: String, Sendable, CaseIterable {
        case wholeAnswer, streamedAnswer, models, health, embeddings
        case cutAtEveryByte, oneByteAtATime, slowStream
        case stalledAnswer, stalledStream, cutOffAnswer, cutOffStream, endedEarlyStream
        case wrongContentType, malformedAnswer, malformedStream, hugeAnswer, hugePiece
        case serverFails, rateLimited, rejectedRequest, rejectedKey, connectionRefused
        case failureInsideStream, cancelledAnswer, cancelledStream, givenUpStream
    }

    package let subject: ProviderSubject
    let host: any ScriptHost

    package init(_ subject: ProviderSubject, host: any ScriptHost = InMemoryHost()) {
        self.subject = subject
        self.host = host
    }

    package func run(_ check: Check) async throws {
        switch check {
        case .wholeAnswer: try await wholeAnswer()
        case .streamedAnswer: try await streamedAnswer()
        case .models: try await models()
        case .health: try await health()
        case .embeddings: try await embeddings()
        case .cutAtEveryByte: try await cutAtEveryByte()
        case .oneByteAtATime: try await streams(pieces: subject.stream.utf8.map { [$0] })
        case .slowStream: try await streams(pieces: cut(subject.stream, every: 40), pause: .milliseconds(5))
        case .stalledAnswer: try await stalledAnswer()
        case .stalledStream: try await brokenStream(ending: .stalled, .timedOut)
        case .cutOffAnswer: try await refuses(reply(subject.completion, ending: .cutOff), with: .unreachable)
        case .cutOffStream: try await brokenStream(ending: .cutOff, .unreachable)
        case .endedEarlyStream: try await endedEarlyStream()
        case .wrongContentType:
            try await refuses(ScriptedReply("<html>", contentType: "text/html"), with: .malformedAnswer)
        case .malformedAnswer: try await malformedAnswers()
        case .malformedStream: try await malformedStream()
        case .hugeAnswer: try await hugeAnswer()
        case .hugePiece: try await hugePiece()
        case .serverFails: try await serverFails()
        case .rateLimited: try await rateLimited()
        case .rejectedRequest: try await refuses(status: 400, with: .rejectedRequest, isRetryable: false)
        case .rejectedKey: try await refuses(status: 401, with: .rejectedKey, isRetryable: false)
        case .connectionRefused: try await refuses(.refused, with: .unreachable, isRetryable: true)
        case .failureInsideStream: try await failureInsideStream()
        case .cancelledAnswer: try await cancelledAnswer()
        case .cancelledStream: try await cancelledStream()
        case .givenUpStream: try await givenUpStream()
        }
    }
}

extension ProviderConformance.Check: CustomTestStringConvertible {
    package var testDescription: String { rawValue }
}

extension ProviderSubject: CustomTestStringConvertible {
    package var testDescription: String { description }
}

// MARK: - Parts

extension ProviderConformance {
    static let call = ChatCall.sample()

    /// Answers one path with the reply and all others as the subject's server would.
    func script(_ path: String, _ reply: ScriptedReply) -> ServerScript {
        { [otherwise = subject.otherwise] in $0.path == path ? reply : otherwise($0) }
    }

    func reply(_ text: String, ending: ScriptedReply.Ending = .complete) -> ScriptedReply {
        ScriptedReply(pieces: [Array(text.utf8)], ending: ending)
    }

    func streamReply(
        _ pieces: [[UInt8]], pause: Duration = .zero, ending: ScriptedReply.Ending = .complete
    ) -> ScriptedReply {
        ScriptedReply(contentType: subject.streamType, pieces: pieces, pause: pause, ending: ending)
    }

    func cut(_ text: String, every size: Int) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    func withProvider(
        _ path: String, _ reply: ScriptedReply, _ body: (any ModelProvider) async throws -> Void
    ) async throws {
        try await host.play(script(path, reply)) { http, endpoint in
            try await body(subject.make(http, endpoint))
            if let http = http as? ScriptedHTTP {
                #expect(http.unfinishedStreams == 0, "an answer was neither read to its end nor given up")
            }
        }
    }

    /// Expects that both ways of asking end with the error.
    func refuses(
        _ reply: ScriptedReply, with code: ProviderError.Code, isRetryable: Bool? = nil,
        then look: (ProviderError) -> Void = { _ in }
    ) async throws {
        try await withProvider(subject.chatPath, reply) { provider in
            for error in [await provider.failureOfComplete(Self.call), await provider.failureOfStream(Self.call)] {
                #expect(error?.code == code)
                if let isRetryable { #expect(error?.isRetryable == isRetryable) }
                if let error { look(error) }
            }
        }
    }

    func refuses(status: Int, with code: ProviderError.Code, isRetryable: Bool) async throws {
        let secret = "What the user asked"
        let reply = ScriptedReply("{\"error\":{\"message\":\"\(secret)\",\"type\":\"some_word\"}}", status: status)
        try await refuses(reply, with: code, isRetryable: isRetryable) { error in
            #expect(!error.description.contains(secret))
        }
    }
}
