import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("A call that was cancelled")
struct CancellationTests {
    /// Notices the cancellation only by its connection's end.
    struct BluntHTTP: OutboundHTTP {
        func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer {
            try? await Task.sleep(for: request.timeout)
            throw OutboundError(.closedEarly, "connection closed")
        }

        func open(_ request: OutboundRequest) async throws(OutboundError) -> OutboundStream {
            OutboundStream(
                head: OutboundHead(status: 200, contentType: "text/event-stream"),
                next: { () async throws(OutboundError) -> [UInt8]? in
                    try? await Task.sleep(for: request.timeout)
                    throw OutboundError(.closedEarly, "connection closed")
                }, cancel: {})
        }
    }

    @Test("says so, whatever the connection says")
    func saysSo() async {
        let codes = await withTaskGroup(of: ProviderError.Code?.self) { group in
            group.addTask { await openAI(BluntHTTP()).failureOfComplete(.sample())?.code }
            group.addTask { await openAI(BluntHTTP()).failureOfStream(.sample())?.code }
            try? await Task.sleep(for: .milliseconds(20))
            group.cancelAll()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == [.cancelled, .cancelled])
    }
}
