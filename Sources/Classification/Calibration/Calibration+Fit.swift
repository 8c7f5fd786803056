extension Calibration {
    /// The figures under which held-out texts are likeliest.
    ///
    /// - Parameters:
    ///   - labels: How many labels there are.
    ///   - learnt: Whether any of them has examples.
    init(_ heldOut: [HeldOut], labels: Int, learnt: Bool) {
        let line = BelongingFit(heldOut, labels: labels).line()
        let before = Calibration(
            learnt: line, described: Self.default.expecting(labels).described,
            temperature: learnt ? Self.default.temperature : Self.temperatureOfDescribed)
        self.init(
            learnt: line, described: before.described,
            temperature: heldOut.isEmpty
                ? before.temperature : TemperatureFit(heldOut, before.logOdds).temperature())
    }
}
