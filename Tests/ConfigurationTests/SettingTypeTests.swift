import OrchCore
import Testing

@testable import OrchConfiguration

struct SettingTypeTests {
    @Test(arguments: [
        ("1", true), ("true", true), ("YES", true), ("On", true), ("0", false), ("False", false), ("no", false),
        ("off", false),
    ])
    func `a switch has four spellings of each state`(text: String, value: Bool) throws {
        #expect(try SettingType.bool.parse(text) == value)
    }

    @Test(arguments: ["", "2", "-1", "y", "enabled", "1 ", "01"])
    func `anything else is no switch`(text: String) {
        #expect(throws: SettingFault("not a switch")) { try SettingType.bool.parse(text) }
    }

    @Test(arguments: [("0", 0), ("8088", 8_088), ("65535", 65_535), ("080", 80)])
    func `a port is a number up to 65535`(text: String, value: Int) throws {
        #expect(try SettingType.port.parse(text) == value)
    }

    @Test(arguments: ["65536", "-1", "99999999999999999999"])
    func `a port beyond the range is refused`(text: String) {
        #expect(throws: SettingFault("out of range")) { try SettingType.port.parse(text) }
    }

    @Test(arguments: ["", "-", "+1", "1.5", "1e3", "0x10", "8 0", "１２", "1_000", "eighty"])
    func `what is no whole number is refused`(text: String) {
        #expect(throws: SettingFault("not a whole number")) { try SettingType.int(0...10).parse(text) }
    }

    @Test func `a range holds at both of its ends`() throws {
        let type = SettingType.int(3...5)
        #expect(try type.parse("3") == 3)
        #expect(try type.parse("5") == 5)
        #expect(throws: SettingFault.self) { try type.parse("2") }
        #expect(throws: SettingFault.self) { try type.parse("6") }
        #expect(type.allowed == "a whole number from 3 to 5")
    }

    @Test(arguments: [("0.80", 0.8), ("1", 1), ("0.0", 0), ("0.3000000000001", 0.300_000_000_000_1)])
    func `a ratio is a plain decimal`(text: String, value: Double) throws {
        #expect(try SettingType.ratio(0...1).parse(text) == value)
    }

    @Test(arguments: ["", ".", ".5", "5.", "nan", "inf", "-0.1", "+0.1", "1e-1", "0x1p-1", "0,5", "1.2.3"])
    func `what is no plain decimal is refused`(text: String) {
        #expect(throws: SettingFault("not a decimal number")) { try SettingType.ratio(0...1).parse(text) }
    }

    @Test func `a ratio beyond its range is refused`() {
        #expect(throws: SettingFault("out of range")) { try SettingType.ratio(0...1).parse("1.0001") }
    }

    @Test(arguments: [
        ("30", Duration.seconds(30)), ("0.5", .milliseconds(500)), ("0.000000001", .nanoseconds(1)),
        ("10", .seconds(10)), ("1.50", .milliseconds(1_500)),
    ])
    func `seconds are exact`(text: String, value: Duration) throws {
        #expect(try SettingType.seconds(.zero...Duration.seconds(30)).parse(text) == value)
    }

    @Test(arguments: ["", "30s", "-1", "1e1", "half", "1:00"])
    func `what is no number of seconds is refused`(text: String) {
        #expect(throws: SettingFault("not a number of seconds")) {
            try SettingType.seconds(.zero...Duration.seconds(30)).parse(text)
        }
    }

    @Test(arguments: ["30.000000001", "31", "99999999999999999999", "0.0000000001"])
    func `seconds beyond their range are refused`(text: String) {
        #expect(throws: SettingFault.self) { try SettingType.seconds(.zero...Duration.seconds(30)).parse(text) }
    }

    @Test(arguments: [("0.50", "0.5"), ("30", "30"), ("030.0", "30"), ("1.000000001", "1.000000001")])
    func `seconds have one canonical spelling`(text: String, canonical: String) throws {
        let type = SettingType.seconds(.zero...Duration.seconds(60))
        #expect(type.canonical(try type.parse(text)) == canonical)
    }

    @Test(arguments: ["INFO", "info", "Info"])
    func `a level is a word in any case`(text: String) throws {
        #expect(try SettingType.level.parse(text) == .info)
    }

    @Test(arguments: ["", "warn", "information", "1"])
    func `an unknown level is refused`(text: String) {
        #expect(throws: SettingFault("not one of the known words")) { try SettingType.level.parse(text) }
    }

    @Test func `a choice names its words`() throws {
        let type = SettingType<ProviderName>.choice
        #expect(type.name == "ollama|openai|local")
        #expect(type.allowed == "ollama, openai or local")
        #expect(try type.parse("OpenAI") == .openai)
        #expect(throws: SettingFault.self) { try type.parse("azure") }
    }

    @Test func `a path is one line and is not expanded`() throws {
        #expect(try SettingType.path.parse("a b/ü.db") == "a b/ü.db")
        #expect(throws: SettingFault("empty")) { try SettingType.path.parse("") }
        #expect(throws: SettingFault.self) { try SettingType.path.parse("~/x") }
        #expect(throws: SettingFault("holds a control character")) { try SettingType.path.parse("a\nb") }
        #expect(throws: SettingFault("longer than 4096 bytes")) {
            try SettingType.path.parse(String(repeating: "a", count: 4_097))
        }
    }

    @Test func `a text has a limit`() throws {
        #expect(try SettingType.text.parse(String(repeating: "a", count: 1_024)).utf8.count == 1_024)
        #expect(throws: SettingFault("longer than 1024 bytes")) {
            try SettingType.text.parse(String(repeating: "a", count: 1_025))
        }
    }

    @Test(arguments: ["a b", "a\u{7}", "pässword"])
    func `a secret holds visible ASCII only`(text: String) {
        #expect(throws: SettingFault("holds a blank, a control character, or one outside of ASCII")) {
            try SettingType.secret.parse(text)
        }
    }
}

struct RateTests {
    @Test(arguments: [
        ("60 per minute", [RateRule(count: 60, per: .minute)]),
        ("60/minute", [RateRule(count: 60, per: .minute)]),
        ("60 / Minutes", [RateRule(count: 60, per: .minute)]),
        ("60 per minute; 5 per second", [RateRule(count: 60, per: .minute), RateRule(count: 5, per: .second)]),
        ("1000/day;100/hour", [RateRule(count: 1_000, per: .day), RateRule(count: 100, per: .hour)]),
        ("1000000000 per day", [RateRule(count: 1_000_000_000, per: .day)]),
    ])
    func `a rate is a number and a unit`(text: String, rules: [RateRule]) throws {
        #expect(try SettingType.rate.parse(text) == rules)
    }

    @Test(arguments: [
        "", ";", "60", "60 minute", "per minute", "60 per", "60 per fortnight", "0 per minute", "-1 per minute",
        "1000000001 per day", "1.5 per second", "60 per minute;", "60 per minute; 50 per minute", "60 per 5 minutes",
        "60//minute", "99999999999999999999/day", "60 per minutess",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: SettingFault.self) { try SettingType.rate.parse(text) }
    }

    @Test func `units have their lengths`() {
        let lengths = RateRule.Unit.allCases.map(\.duration)
        #expect(lengths == [.seconds(1), .seconds(60), .seconds(3_600), .seconds(86_400)])
    }
}

struct SecretListTests {
    @Test func `tokens have names, and a bare one is the default`() throws {
        let tokens = try SettingType.secretList.parse(" abc , alice:d:ef,,bob@x.org:ghi ")
        #expect(tokens.map(\.name) == ["default", "alice", "bob@x.org"])
        #expect(tokens.map(\.token.exposed) == ["abc", "d:ef", "ghi"])
    }

    @Test func `one name may hold two tokens while they are rotated`() throws {
        #expect(try SettingType.secretList.parse("a:one,a:two").count == 2)
    }

    @Test(arguments: [
        ("ok,name:", "item 2: the token is empty"),
        (":hunter2", "item 1: the name before the colon is not 1 to 64 letters, digits, or any of _ . @ -"),
        ("my name:hunter2", "item 1: the name before the colon is not 1 to 64 letters, digits, or any of _ . @ -"),
        ("a:hunter1,server:hunter2", "item 2: the name server stands for callers without a token"),
        ("command_line:hunter2", "item 1: the name command_line stands for callers without a token"),
        ("hunter2 hunter3", "item 1: the token holds a blank, a control character, or one outside of ASCII"),
        ("a:hunter2,b:hunter2", "item 2: the same token stands for somebody else already"),
    ])
    func `a fault names the item and repeats nothing`(text: String, reason: String) {
        #expect(throws: SettingFault(reason)) { try SettingType.secretList.parse(text) }
        #expect(!reason.contains("hunter"))
    }

    @Test func `more than a thousand items are refused`() throws {
        let items = (0...1_000).map { "t\($0)" }
        #expect(try SettingType.secretList.parse(items.dropLast().joined(separator: ",")).count == 1_000)
        #expect(throws: SettingFault("more than 1000 items")) {
            try SettingType.secretList.parse(items.joined(separator: ","))
        }
    }
}

struct ListTests {
    @Test func `items lose their blanks, empty ones and repetitions go`() throws {
        #expect(try SettingType.list(of: "models").parse(" a , ,b,a,") == ["a", "b"])
    }

    @Test func `aliases are pairs, and the model may hold equals signs`() throws {
        let aliases = try SettingType.modelAliases.parse("gpt-4o=auto, x = y=z")
        #expect(aliases == [ModelAlias(name: "gpt-4o", model: "auto"), ModelAlias(name: "x", model: "y=z")])
    }

    @Test(arguments: ["gpt-4o", "=auto", "gpt-4o=", "a=b,a=c"])
    func `a broken alias is refused`(text: String) {
        #expect(throws: SettingFault.self) { try SettingType.modelAliases.parse(text) }
    }

    @Test func `fallbacks keep their order`() throws {
        let fallbacks = try SettingType.modelFallbacks.parse("openai=m1,LOCAL=m2")
        #expect(
            fallbacks == [
                ModelFallback(provider: .openai, model: "m1"), ModelFallback(provider: .local, model: "m2"),
            ])
    }

    @Test func `a fallback's provider must be known`() {
        #expect(throws: SettingFault("item 2: the provider is not known")) {
            try SettingType.modelFallbacks.parse("openai=m1,azure=m2")
        }
    }

    @Test(arguments: [
        ("localhost", "localhost"), ("Example.ORG:8088", "example.org:8088"), ("[::1]", "[::1]"), ("::1", "[::1]"),
        ("[::1]:80", "[::1]:80"), ("https://a.example", "https://a.example"),
        ("HTTP://10.0.0.1:81", "http://10.0.0.1:81"),
    ])
    func `an allowed host is a host, a port, an origin`(text: String, canonical: String) throws {
        #expect(try SettingType.allowedHosts.parse(text).map(\.description) == [canonical])
    }

    @Test(arguments: [
        "", " , ", "*", "*.example.org", "a b", "a:0", "a:65536", "a:", "https://", "ftp://a", "a/b", "[a]", "[::1",
    ])
    func `what names no host is refused`(text: String) {
        #expect(throws: SettingFault.self) { try SettingType.allowedHosts.parse(text) }
    }

    @Test(arguments: [
        "loopback", "api.example.org:443", "10.0.0.1:443", "10.0.0.0/8:443", "[fd00::1]:443", "[fd00::]/8:443",
        "0.0.0.0/0:53", "[::]/0:1",
    ])
    func `an egress rule reads and prints the same`(text: String) throws {
        #expect(try SettingType.egressRules.parse(text).map(\.description) == [text])
    }

    @Test(arguments: [
        "api.example.org", "api.example.org:", "api.example.org:0", "api.example.org:65536", "10.0.0.1",
        "10.0.0.0/33:443", "10.0.0.1/8:443", "10.0.0.0/:443", "[fd00::]/129:443", "fd00::1:443",
        "api.example.org/8:443", "*:443",
        "https://api.example.org:443", "[fd00::1]/8:443",
    ])
    func `a broken egress rule is refused`(text: String) {
        #expect(throws: SettingFault.self) { try SettingType.egressRules.parse(text) }
    }
}
