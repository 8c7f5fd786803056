import OrchTools

/// Times evaluations by the monotonic clock.
struct Stopwatch {
    private let calculator = Calculator()
    private let clock = ContinuousClock()

    /// How long it took in nanoseconds, and the error's word if it was refused.
    func time(_ expression: String) -> (nanoseconds: Int, refusal: String?) {
        var refusal: String?
        let start = clock.now
        do throws(CalculationError) {
            _ = try calculator.evaluate(expression)
        } catch {
            refusal = error.codeName
        }
        let (seconds, attoseconds) = (clock.now - start).components
        return (Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000), refusal)
    }
}
