import CoreMetrics
import Synchronization

/// A counter: a wait-free integer, and a Double beside it for fractional increments.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler, MetricSeries {
    let name: String
    let labels: String
    private let whole = Atomic<UInt64>(0)
    private let fractional = AtomicDouble()

    init(name: String, labels: String) {
        self.name = name
        self.labels = labels
    }

    var value: Double { Double(whole.load(ordering: .relaxed)) + fractional.value }
    var isUntouched: Bool { value == 0 }

    /// Adds 1.
    func increment() {
        whole.wrappingAdd(1, ordering: .relaxed)
    }

    /// Adds `amount`. A counter never goes down, so that what is not positive is ignored.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    /// Adds `amount`, where it is positive and finite.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        store(0)
    }

    /// Replaces the value; for a count that is kept elsewhere and copied at each scrape.
    func store(_ value: Double) {
        whole.store(0, ordering: .relaxed)
        fractional.store(value)
    }

    func render(into bytes: inout [UInt8]) {
        PrometheusText.appendSample(name, labels: labels, value: value, to: &bytes)
    }
}
