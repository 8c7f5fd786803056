import Synchronization

/// A swift-metrics backend that keeps everything in memory and renders it as Prometheus text (format 0.0.4).
///
/// Looking up a series takes a lock and allocates; callers keep the handle. Recording takes neither.
/// A name has at most `seriesLimit` series, and the registry at most `familyLimit` names: what is beyond goes to one
/// overflow series, or to a handle that is not shown, and both are counted.
package final class PrometheusRegistry: Sendable {
    /// The media type of `render()`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    static let familyLimit = 1000

    private struct State {
        var families: [String: MetricFamily] = [:]
        /// Every name of a sample line, and the family that writes it.
        var writers: [String: String] = [:]
    }

    private let state = Mutex(State())
    /// The table, by source and by exposed name.
    private let declared: [String: MetricDescriptor]
    private let seriesLimit: Int
    private let statistics: @Sendable () -> ProcessStatistics?
    private let process: ProcessSeries?
    private let conflicts: CounterSeries
    private let lastSize = Atomic<Int>(4096)

    /// - Parameter statistics: Read at every scrape; where it gives nil at the start there are no process metrics.
    package init(
        descriptors: [MetricDescriptor] = OrchMetrics.all, seriesLimit: Int = 2000,
        statistics: @escaping @Sendable () -> ProcessStatistics? = ProcessStatistics.current
    ) {
        let hasProcess = statistics() != nil
        let descriptors = (descriptors + OrchMetrics.backend).filter { hasProcess || !$0.name.hasPrefix("process_") }
        self.seriesLimit = seriesLimit
        self.statistics = statistics
        declared = Dictionary(
            descriptors.flatMap { [($0.source, $0), ($0.name, $0)] }, uniquingKeysWith: { first, _ in first })
        conflicts = CounterSeries(name: OrchMetrics.conflicts.name, labels: "")
        process = hasProcess ? ProcessSeries() : nil
        state.withLock { state in
            for descriptor in descriptors { Self.add(descriptor, to: &state) }
            for series in [conflicts] + (process?.all ?? []) { state.families[series.name]?.adopt(series) }
            for descriptor in descriptors where descriptor.labels.isEmpty {
                _ = state.families[descriptor.name]?.series([], limit: seriesLimit, retention: .permanent)
            }
        }
    }

    /// Adds a family, unless one of its names is taken or there are too many.
    private static func add(_ descriptor: MetricDescriptor, to state: inout State) {
        let names = MetricFamily.sampleNames(descriptor.name, descriptor.kind)
        guard state.families.count < familyLimit, names.allSatisfy({ state.writers[$0] == nil }) else { return }
        for name in names { state.writers[name] = descriptor.name }
        state.families[descriptor.name] = MetricFamily(descriptor)
    }

    /// The series of a metric and label set. Where the name belongs to another kind of metric, the answer works but is
    /// not shown, and the refusal is counted: a metric's mistake must not stop a program.
    func series(
        _ descriptor: MetricDescriptor, _ dimensions: [(String, String)], accepts kinds: [MetricDescriptor.Kind],
        retention: MetricFamily.Retention = .counted
    ) -> any MetricSeries {
        let found: (any MetricSeries)? = state.withLock { state in
            if state.families[descriptor.name] == nil { Self.add(descriptor, to: &state) }
            guard let kind = state.families[descriptor.name]?.kind, kinds.contains(kind) else { return nil }
            let result = state.families[descriptor.name]?.series(dimensions, limit: seriesLimit, retention: retention)
            if let result, result.isOverflow {
                let counted = [("metric", descriptor.name)]
                let overflow = state.families[OrchMetrics.overflow.name]?
                    .series(counted, limit: seriesLimit, retention: .permanent)
                (overflow?.series as? CounterSeries)?.increment()
            }
            return result?.series
        }
        if let found { return found }
        conflicts.increment()
        return MetricFamily(descriptor).makeSeries(labels: PrometheusName.labels(dimensions))
    }

    /// The declaration for a label that a caller of swift-metrics uses, or one made up for a library's own metric:
    /// counters get `_total` and timers `_seconds` where the name lacks it.
    func descriptor(for label: String, kind: MetricDescriptor.Kind, suffix: String = "") -> MetricDescriptor {
        if let known = declared[label] { return known }
        var name = PrometheusName.metric(label)
        if !name.hasSuffix(suffix) { name += suffix }
        if let known = declared[name] { return known }
        let buckets = suffix.isEmpty ? MetricBuckets.tokens : MetricBuckets.latency
        return MetricDescriptor(
            name, source: label, kind, buckets: kind == .histogram ? buckets : [],
            help: "Recorded by a library; not declared.")
    }

    /// Undoes one look-up, if the handle is one of ours.
    func release(_ handler: any AnyObject) {
        guard let series = handler as? any MetricSeries else { return }
        state.withLock { $0.families[series.name]?.release(series) }
    }

    /// Everything as text, sorted by name and labels. Values are read one by one, not at one instant.
    package func render() -> [UInt8] {
        if let process, let now = statistics() { process.update(now) }
        let families = state.withLock { Array($0.families.values) }.sorted { $0.name < $1.name }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lastSize.load(ordering: .relaxed) * 5 / 4)
        for family in families {
            bytes.append(contentsOf: family.header.utf8)
            for series in family.visible { series.render(into: &bytes) }
        }
        lastSize.store(bytes.count, ordering: .relaxed)
        return bytes
    }
}
