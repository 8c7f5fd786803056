/// The detectors, sorted by what triggers them.
struct Catalogue: Sendable {
    struct Rule: Sendable {
        let match: Matcher
        let detector: Int32
        let confidence: UInt8
    }

    let detectors: [Detector]
    /// What the scan engine looks for.
    let literals: [[UInt8]]
    let literalLengths: [Int]
    /// Rules of literal n are those from `literalStarts[n]` up to the next one's.
    let literalStarts: [Int]
    let literalRules: [Rule]
    let longestLiteral: Int
    /// Rule n is asked about words of form n.
    let wordForms: [WordForm]
    let wordRules: [Rule]
    let atSignRules: [Rule]
    let addressRules: [Rule]
    let formats: FormatTable

    init(_ detectors: [Detector]) {
        var places: [[UInt8]: Int] = [:]
        var literals: [[UInt8]] = []
        var literalRules: [[Rule]] = []
        var wordRules: [(form: WordForm, rule: Rule)] = []
        var atSignRules: [Rule] = []
        var addressRules: [Rule] = []
        var formats: [FormatTable.Entry] = []
        for (index, detector) in detectors.enumerated() {
            func rule(_ match: @escaping Matcher) -> Rule {
                Rule(match: match, detector: Int32(index), confidence: detector.confidence)
            }
            for trigger in detector.triggers {
                switch trigger {
                case .literal(let literal, let match):
                    if places[literal] == nil {
                        places[literal] = literals.count
                        literals.append(literal)
                        literalRules.append([])
                    }
                    literalRules[places[literal] ?? 0].append(rule(match))
                case .word(let form, let match): wordRules.append((form, rule(match)))
                case .atSign(let match): atSignRules.append(rule(match))
                case .address(let match): addressRules.append(rule(match))
                case .format(let format):
                    formats.append(
                        FormatTable.Entry(format: format, detector: Int32(index), confidence: detector.confidence))
                }
            }
        }
        self.detectors = detectors
        self.literals = literals
        literalLengths = literals.map(\.count)
        literalStarts = literalRules.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
        self.literalRules = Array(literalRules.joined())
        longestLiteral = literals.map(\.count).max() ?? 0
        wordForms = wordRules.map(\.form)
        self.wordRules = wordRules.map(\.rule)
        self.atSignRules = atSignRules
        self.addressRules = addressRules
        self.formats = FormatTable(formats)
    }

    /// Everything that this module knows, in the order that decides between findings of one rank.
    static let standard = Catalogue(SecretDetectors.all + PersonalDetectors.all)
}
