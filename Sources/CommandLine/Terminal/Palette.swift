/// Colours, or none.
struct Palette: Sendable, Equatable {
    enum Colour: String, Sendable { case red = "31", green = "32", yellow = "33", bold = "1", dim = "2" }

    let isOn: Bool

    static let plain = Palette(isOn: false)
    static let coloured = Palette(isOn: true)

    /// Colours on a terminal that has them, unless NO_COLOR (https://no-color.org) says otherwise.
    init(isTerminal: Bool, variable: (String) -> String?) {
        let isRefused = variable("NO_COLOR").map { !$0.isEmpty } ?? false
        isOn = isTerminal && !isRefused && variable("TERM") != "dumb"
    }

    private init(isOn: Bool) {
        self.isOn = isOn
    }

    func paint(_ text: String, _ colour: Colour?) -> String {
        guard isOn, let colour, !text.isEmpty else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}
