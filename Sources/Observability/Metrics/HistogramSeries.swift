import CoreMetrics
import Synchronization

/// The bounds that all series of one histogram share.
final class HistogramLayout: Sendable {
    let bounds: [Double]
    /// The bounds in nanoseconds, so that a timer compares integers.
    let nanoseconds: [Int64]
    /// `le="0.5"` and so on, `le="+Inf"` last.
    let suffixes: [String]

    /// Bounds are sorted; doubles and what is not finite are left out.
    init(bounds: [Double]) {
        self.bounds = Set(bounds.filter(\.isFinite)).sorted()
        nanoseconds = self.bounds.map { Int64(exactly: ($0 * 1e9).rounded()) ?? ($0 < 0 ? .min : .max) }
        suffixes = (self.bounds + [.infinity]).map { "le=\"\(PrometheusText.number($0))\"" }
    }
}

/// A histogram of fixed buckets. Recording takes two atomic additions, no lock and no allocation.
final class HistogramSeries: TimerHandler, RecorderHandler, MetricSeries {
    let name: String
    let labels: String
    private let layout: HistogramLayout
    /// How many values fell in each bucket alone; the sums over smaller buckets are made when rendering.
    private let buckets: AtomicCells
    /// Timers add here. After 584 years of summed time it starts again, which Prometheus reads as a restart.
    private let nanoseconds = Atomic<UInt64>(0)
    /// Recorders add here.
    private let sum = AtomicDouble()

    init(name: String, labels: String, layout: HistogramLayout) {
        self.name = name
        self.labels = labels
        self.layout = layout
        buckets = AtomicCells(count: layout.bounds.count + 1)
    }

    /// A histogram that is not shown.
    convenience init(detached name: String) {
        self.init(name: name, labels: "", layout: HistogramLayout(bounds: []))
    }

    var isUntouched: Bool { (0..<buckets.count).allSatisfy { buckets.load($0) == 0 } }

    /// Records a time; the metric's unit is seconds. A negative one counts as 0.
    func recordNanoseconds(_ duration: Int64) {
        let duration = max(duration, 0)
        buckets.increment(Self.bucket(of: duration, in: layout.nanoseconds))
        nanoseconds.wrappingAdd(UInt64(duration), ordering: .relaxed)
    }

    /// Records a value in the metric's own unit; what is not finite is ignored.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        buckets.increment(Self.bucket(of: value, in: layout.bounds))
        sum.add(value)
    }

    func record(_ value: Int64) {
        record(Double(value))
    }

    /// The first bucket whose bound is not below `value`. Bounds are inclusive.
    private static func bucket<Value: Comparable>(of value: Value, in bounds: [Value]) -> Int {
        var index = 0
        while index < bounds.count, bounds[index] < value { index += 1 }
        return index
    }

    /// Buckets are read once and the count is made of them, so that `_count` always equals the bucket `+Inf`.
    func render(into bytes: inout [UInt8]) {
        var total: UInt64 = 0
        let bucketName = "\(name)_bucket"
        for (index, suffix) in layout.suffixes.enumerated() {
            total += buckets.load(index)
            let text = labels.isEmpty ? suffix : "\(labels),\(suffix)"
            PrometheusText.appendSample(bucketName, labels: text, value: Double(total), to: &bytes)
        }
        let seconds = Double(nanoseconds.load(ordering: .relaxed)) / 1e9
        for (part, value) in [("_sum", seconds + sum.value), ("_count", Double(total))] {
            PrometheusText.appendSample("\(name)\(part)", labels: labels, value: value, to: &bytes)
        }
    }
}
