/// One series: the values behind one label set of one metric.
protocol MetricSeries: AnyObject, Sendable {
    /// The exposed name of the metric; with `labels` the key of the series.
    var name: String { get }
    /// The inside of the braces, already escaped; empty without labels.
    var labels: String { get }
    /// Whether nothing was ever recorded.
    var isUntouched: Bool { get }
    /// Appends the sample lines.
    func render(into bytes: inout [UInt8])
}
