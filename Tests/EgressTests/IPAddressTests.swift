import OrchEgress
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test(
        "are read in their standard notations",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("0.0.0.0", "0.0.0.0"),
            ("::1", "0:0:0:0:0:0:0:1"), ("[::1]", "0:0:0:0:0:0:0:1"), ("::", "0:0:0:0:0:0:0:0"),
            ("2001:db8::1", "2001:db8:0:0:0:0:0:1"), ("2001:DB8:0:0:8:800:200C:417A", "2001:db8:0:0:8:800:200c:417a"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1::8", "1:0:0:0:0:0:0:8"),
            ("::ffff:1.2.3.4", "1.2.3.4"), ("::ffff:102:304", "1.2.3.4"), ("0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"),
            ("64:ff9b::1.2.3.4", "64:ff9b:0:0:0:0:102:304"),
        ])
    func reads(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(
        "are not read in notations that readers disagree on",
        arguments: [
            "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "127.1", "127.0.1", "127.0.0.01", "127.0.0.1.",
            ".127.0.0.1",
            "127.0.0", "127.0.0.0.1", "256.0.0.1", "127.0.0.-1", "127.0.0.+1", " 127.0.0.1", "127.0.0.1 ",
            "127.0.0.1\n",
            "１２７.0.0.1", "127。0。0。1", "", ".", "...", "localhost", "::1%lo", "fe80::1%eth0", "[::1", "::1]", "[]", ":",
            ":::",
            "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
            "12345::", "g::",
            "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "::0177.0.0.1", ":1::", "::1:",
        ])
    func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("come from 4 or 16 bytes, and IPv4 is one with its IPv6 form")
    func fromBytes() {
        #expect(IPAddress(bytes: [127, 0, 0, 1]) == IPAddress("::ffff:127.0.0.1"))
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 15) + [1]) == IPAddress("::1"))
        for count in [0, 3, 5, 15, 17] { #expect(IPAddress(bytes: [UInt8](repeating: 0, count: count)) == nil) }
    }

    @Test("of loopback", arguments: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])
    func loopback(text: String) {
        #expect(IPAddress(text)?.isLoopback == true)
        #expect(IPAddress(text)?.isPublic == false)
    }

    @Test(
        "that only look like loopback",
        arguments: ["128.0.0.1", "::2", "::", "::127.0.0.1", "64:ff9b::127.0.0.1", "0.0.0.0"])
    func notLoopback(text: String) {
        #expect(IPAddress(text)?.isLoopback == false)
    }

    @Test(
        "that are not for the public internet",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "169.254.169.254", "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1", "255.255.255.255", "::", "::1", "::10.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fec0::1", "ff02::1",
        ])
    func special(text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic == false)
    }

    @Test(
        "that are",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0", "192.167.255.255", "223.255.255.255", "::ffff:8.8.8.8", "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2003::1",
        ])
    func ordinary(text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }

    @Test(
        "that are not public, and are taken for it: translated, documentation, unallocated and a cloud's own",
        arguments: ["::ffff:0:127.0.0.1", "3fff::1", "5f00::1", "4000::1", "168.63.129.16"])
    func missed(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!address.isPublic)
    }
}

@Suite("Ranges of addresses")
struct IPNetworkTests {
    @Test(
        "hold what is in them",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255"), ("10.0.0.0/8", "::ffff:10.1.2.3"), ("10.1.2.3", "10.1.2.3"),
            ("0.0.0.0/0", "8.8.8.8"),
            ("::/0", "2001:db8::1"), ("fd00::/8", "fdff::1"), ("2001:db8::/33", "2001:db8:7fff::1"), ("::1", "::1"),
            ("::ffff:10.0.0.0/104", "10.9.9.9"), ("::ffff:0:0/96", "1.2.3.4"), ("192.168.1.128/25", "192.168.1.255"),
        ])
    func contains(network: String, address: String) throws {
        #expect(try #require(IPNetwork(network)).contains(#require(IPAddress(address))))
    }

    @Test(
        "do not hold what is beside them",
        arguments: [
            ("10.0.0.0/8", "11.0.0.0"), ("10.1.2.3", "10.1.2.4"), ("0.0.0.0/0", "::1"), ("::/0", "127.0.0.1"),
            ("::/0", "::ffff:10.0.0.1"), ("::/64", "10.0.0.1"), ("2001:db8::/33", "2001:db8:8000::1"),
            ("fd00::/8", "fc00::1"),
            ("192.168.1.128/25", "192.168.1.127"), ("::1", "127.0.0.1"),
        ])
    func excludes(network: String, address: String) throws {
        #expect(try !#require(IPNetwork(network)).contains(#require(IPAddress(address))))
    }

    @Test(
        "are not read from anything else",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/a", "::/129",
            "10/8",
            "10.0.0.0/255.0.0.0", "example.com/8", "10.0.0.0/٨",
        ])
    func refuses(text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
