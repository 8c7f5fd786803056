import CoreMetrics

/// A gauge: the last value set, or moved up and down.
final class GaugeSeries: RecorderHandler, MeterHandler, MetricSeries {
    let name: String
    let labels: String
    private let current = AtomicDouble()

    init(name: String, labels: String) {
        self.name = name
        self.labels = labels
    }

    var value: Double { current.value }
    var isUntouched: Bool { value == 0 }

    func set(_ value: Double) { current.store(value) }
    func set(_ value: Int64) { current.store(Double(value)) }
    func record(_ value: Double) { current.store(value) }
    func record(_ value: Int64) { current.store(Double(value)) }

    func increment(by amount: Double) {
        guard amount.isFinite else { return }
        current.add(amount)
    }

    func decrement(by amount: Double) {
        increment(by: -amount)
    }

    func render(into bytes: inout [UInt8]) {
        PrometheusText.appendSample(name, labels: labels, value: value, to: &bytes)
    }
}
