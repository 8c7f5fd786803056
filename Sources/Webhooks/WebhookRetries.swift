/// When a delivery that failed is tried again: after 5 seconds, then twice as long each time up to an hour, with jitter.
package struct WebhookRetries: Sendable {
    package static let maximumAttempts = 16
    private static let first = Duration.seconds(5)
    private static let longest = Duration.seconds(3600)

    /// - Parameters:
    ///   - attempts: Those that were made.
    ///   - random: From 0 to 1: half of the wait is drawn.
    /// - Returns: nil where it is given up.
    package static func wait(after attempts: Int, random: Double) -> Duration? {
        guard attempts < maximumAttempts else { return nil }
        var wait = first
        for _ in 1..<max(1, attempts) where wait < longest { wait += wait }
        wait = min(wait, longest)
        return wait * (0.5 + random / 2)
    }
}
