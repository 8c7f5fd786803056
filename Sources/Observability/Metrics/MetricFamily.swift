/// All series of one metric. A value under the registry's lock.
struct MetricFamily {
    private struct Entry {
        let series: any MetricSeries
        /// Look-ups less releases; nil for a series that stays for ever.
        var owners: Int?
        /// Whether the series is left out of the text until something is recorded.
        let isHiddenUntouched: Bool
    }

    let name: String
    let kind: MetricDescriptor.Kind
    /// The `# HELP` and `# TYPE` lines.
    let header: String
    private let layout: HistogramLayout
    private var entries: [String: Entry] = [:]
    private var overflowKey: String?

    init(_ descriptor: MetricDescriptor) {
        name = descriptor.name
        kind = descriptor.kind
        layout = HistogramLayout(bounds: descriptor.buckets)
        header = """
            # HELP \(name) \(PrometheusName.escapedHelp(descriptor.help))
            # TYPE \(name) \(kind.rawValue)

            """
    }

    /// Names of the lines that a metric writes; no other metric may write one of them.
    static func sampleNames(_ name: String, _ kind: MetricDescriptor.Kind) -> [String] {
        kind == .histogram ? [name, "\(name)_bucket", "\(name)_sum", "\(name)_count"] : [name]
    }

    /// How a look-up is to be kept.
    enum Retention {
        /// Until as many releases as look-ups.
        case counted
        /// For ever.
        case permanent
        /// For ever, and out of the text until something is recorded.
        case permanentHidden
    }

    /// The series of a label set, made at need; past `limit` the overflow series, whose label values are all `other`.
    mutating func series(
        _ dimensions: [(String, String)], limit: Int, retention: Retention
    ) -> (series: any MetricSeries, isOverflow: Bool) {
        let key = PrometheusName.labels(dimensions)
        if let known = entries[key] {
            if let owners = known.owners { entries[key]?.owners = retention == .counted ? owners + 1 : nil }
            return (known.series, key == overflowKey)
        }
        guard entries.count >= limit else {
            return (insert(key, retention), false)
        }
        let overflow = overflowKey ?? PrometheusName.labels(dimensions.map { ($0.0, "other") })
        overflowKey = overflow
        entries[overflow]?.owners = nil
        return (entries[overflow]?.series ?? insert(overflow, .permanent), true)
    }

    private mutating func insert(_ key: String, _ retention: Retention) -> any MetricSeries {
        let series = makeSeries(labels: key)
        entries[key] = Entry(
            series: series, owners: retention == .counted ? 1 : nil, isHiddenUntouched: retention == .permanentHidden)
        return series
    }

    /// A series that belongs to no family yet.
    func makeSeries(labels: String) -> any MetricSeries {
        switch kind {
        case .counter: CounterSeries(name: name, labels: labels)
        case .gauge: GaugeSeries(name: name, labels: labels)
        case .histogram: HistogramSeries(name: name, labels: labels, layout: layout)
        }
    }

    /// Takes in a series that was made elsewhere, for ever.
    mutating func adopt(_ series: any MetricSeries) {
        entries[series.labels] = Entry(series: series, owners: nil, isHiddenUntouched: false)
    }

    /// Undoes one look-up.
    mutating func release(_ series: any MetricSeries) {
        guard let entry = entries[series.labels], entry.series === series, let owners = entry.owners else { return }
        entries[series.labels]?.owners = owners - 1
        if owners <= 1 { entries[series.labels] = nil }
    }

    /// What the text shows, in the order of labels.
    var visible: [any MetricSeries] {
        entries.values.filter { !($0.isHiddenUntouched && $0.series.isUntouched) }.map(\.series)
            .sorted { $0.labels < $1.labels }
    }
}
