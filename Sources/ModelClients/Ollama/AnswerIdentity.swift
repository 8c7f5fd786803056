import OrchCore

/// Gives translated answers the identifiers and times that OpenAI's have.
struct AnswerIdentity: Sendable {
    let now: Now
    let random: @Sendable () -> UInt64

    /// `chatcmpl-` and 128 random bits.
    func completion() -> String { "chatcmpl-" + digits() + digits() }

    /// `call_` and 128 random bits.
    func toolCall() -> String { "call_" + digits() + digits() }

    private func digits() -> String {
        let word = random()
        return Hexadecimal.encode((0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) })
    }
}
