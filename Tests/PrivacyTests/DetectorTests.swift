import OrchTestSupport
import Testing

@testable import OrchPrivacy

struct DetectorTests {
    private static let cases = PersonalCases.all + SecretCases.all

    private func scrubber() throws -> Scrubber {
        try Scrubber(engine: PortableScanEngine(), options: Scrubber.Options(minimumConfidence: 0))
    }

    private func scrubber(of id: String) throws -> Scrubber {
        let catalogue = Catalogue(Catalogue.standard.detectors.filter { $0.id == id })
        return try Scrubber(
            catalogue: catalogue, engine: PortableScanEngine(), options: Scrubber.Options(minimumConfidence: 0))
    }

    @Test(arguments: cases) func aDetectorFindsWhatItIsFor(example: DetectorCase) throws {
        let scrubber = try scrubber(of: example.id)
        for positive in example.positives {
            let text = MarkedText(positive)
            let found = scrubber.findings(in: text.bytes)
            #expect(found.map(\.range) == text.ranges, "\(positive)")
            #expect(found.allSatisfy { $0.id == example.id })
        }
    }

    @Test(arguments: cases) func aNearMissIsNoFinding(example: DetectorCase) throws {
        let scrubber = try scrubber(of: example.id)
        for miss in example.misses {
            #expect(scrubber.findings(in: Array(miss.utf8)).isEmpty, "\(miss)")
        }
    }

    @Test func everyDetectorHasBoth() {
        let shaped = Set(TokenRules.all.map(\.id) + VendorRules.all.map(\.id))
        for detector in Catalogue.standard.detectors where !shaped.contains(detector.id) {
            let example = Self.cases.first { $0.id == detector.id }
            #expect(example?.positives.isEmpty == false, "\(detector.id)")
            #expect(example?.misses.isEmpty == false, "\(detector.id)")
        }
    }

    @Test(arguments: TokenRules.all.map(\.id)) func aTokenOfTheVendorsFormIsFoundWhole(id: String) throws {
        let scrubber = try scrubber(of: id)
        var sampler = ShapeSampler(generator: SeededGenerator(seed: 7))
        for rule in TokenRules.all where rule.id == id {
            for shape in rule.shapes {
                let token = sampler.text(of: shape)
                let text = Array("x = \"".utf8) + token + Array("\"\n".utf8)
                let found = scrubber.findings(in: text)
                #expect(found.map(\.range) == [5..<5 + token.count], "\(String(decoding: token, as: UTF8.self))")
            }
        }
    }

    @Test(arguments: TokenRules.all.map(\.id)) func aTokenThatIsCutOffOrPartOfAWordIsNone(id: String) throws {
        let scrubber = try scrubber(of: id)
        var sampler = ShapeSampler(generator: SeededGenerator(seed: 8))
        for rule in TokenRules.all where rule.id == id {
            for shape in rule.shapes {
                let least = shape.parts.reduce(0) { $0 + $1.minimum }
                let token = Array(sampler.text(of: shape).prefix(least - 1))
                #expect(scrubber.findings(in: Array("x = \"".utf8) + token + Array("\"".utf8)).isEmpty)
                guard rule.ending == .token else { continue }
                #expect(scrubber.findings(in: Array("abc9".utf8) + sampler.text(of: shape)).isEmpty)
            }
        }
    }

    @Test(arguments: VendorRules.all.map(\.id)) func aVendorsNameMakesAValueASecret(id: String) throws {
        let scrubber = try scrubber(of: id)
        var sampler = ShapeSampler(generator: SeededGenerator(seed: 9))
        for rule in VendorRules.all where rule.id == id {
            for shape in rule.shapes {
                let value = String(decoding: sampler.text(of: shape), as: UTF8.self)
                for name in rule.names {
                    for text in [
                        "\(name)_key = \"\(value)\"", "{\"\(name)\": \"\(value)\"}", "export \(name)=\(value)\n",
                    ] {
                        #expect(
                            scrubber.findings(in: Array(text.utf8)).map(\.range.count) == [value.utf8.count], "\(text)")
                    }
                }
                #expect(scrubber.findings(in: Array("colour = \"\(value)\"".utf8)).isEmpty)
                #expect(scrubber.findings(in: Array("\(rule.names[0]) = \"\(value)~~\"".utf8)).isEmpty)
            }
        }
    }

    @Test func ordinaryTextIsLeftAlone() throws {
        let text = """
            The meeting is on Tuesday at 10:30 in room 12; 240,000 were set aside, 12 % less than asked for. Chapter 3.2 \
            says more. let x = y ?? keys[0].token; return foo(bar: 12, baz: 0x1F) // see RFC 6555, section 4
            """
        let found = try scrubber().findings(in: Array(text.utf8))
        #expect(found.allSatisfy { $0.confidence < 0.5 })
    }
}
