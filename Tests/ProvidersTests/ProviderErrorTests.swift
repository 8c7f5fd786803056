import OrchEgress
import OrchProviders
import Testing

@Suite("Failures of model calls")
struct ProviderErrorTests {
    @Test("Success is none", arguments: [200, 201, 299])
    func success(status: Int) {
        #expect(ProviderError(status: status, retryAfter: nil, detail: nil) == nil)
    }

    @Test(
        "A status says what happened and whether to try again",
        arguments: [
            (400, ProviderError.Code.rejectedRequest, false), (401, .rejectedKey, false), (403, .rejectedKey, false),
            (404, .rejectedRequest, false), (408, .timedOut, true), (422, .rejectedRequest, false),
            (429, .rateLimited, true),
            (500, .failed, true), (503, .failed, true), (599, .failed, true), (301, .malformedAnswer, false),
            (101, .malformedAnswer, false),
        ])
    func statuses(status: Int, code: ProviderError.Code, isRetryable: Bool) {
        let error = ProviderError(status: status, retryAfter: .seconds(3), detail: nil)
        #expect(error?.code == code)
        #expect(error?.isRetryable == isRetryable)
    }

    @Test(
        "The server's word is repeated only if it is a plain identifier",
        arguments: ["The prompt was", "a-b", "", "ünder", "A"])
    func words(detail: String) {
        #expect(ProviderError(status: 400, retryAfter: nil, detail: detail)?.message.hasSuffix("(HTTP 400)") == true)
        #expect(
            ProviderError(status: 400, retryAfter: nil, detail: "bad_thing")?.message.hasSuffix(", bad_thing)") == true)
    }

    @Test(
        "A broken exchange says what it means for the call",
        arguments: [
            (OutboundError.Code.refusedByPolicy, ProviderError.Code.refusedByPolicy, false),
            (.unresolvable, .unreachable, true),
            (.connectFailed, .unreachable, true), (.timedOut, .timedOut, false), (.closedEarly, .unreachable, false),
            (.malformedAnswer, .malformedAnswer, false), (.tooLarge, .malformedAnswer, false),
            (.cancelled, .cancelled, false),
            (.poolExhausted, .failed, false),
        ])
    func exchanges(outbound: OutboundError.Code, code: ProviderError.Code, isRetryable: Bool) {
        let error = ProviderError(OutboundError(outbound, "x"))
        #expect(error.code == code)
        #expect(error.isRetryable == isRetryable)
    }
}
