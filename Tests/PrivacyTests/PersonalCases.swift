@testable import OrchPrivacy

/// Made-up and published sample numbers of people, and near misses: a check digit off, a digit more, a letter else.
enum PersonalCases {
    static let all = general + america + europe + asia + elsewhere

    private static let general = [
        DetectorCase(
            "email", ["write to «jo.doe+x@mail.example.org».", "«ü@exämple.de», now", "<«a@b.co»>"],
            misses: ["icon@2x.png", "a @ b.co", "@example.org", "user@localhost"]),
        DetectorCase(
            "url",
            [
                "see «https://example.org/a?b=1#c».", "(«http://10.0.0.1:80/x»)", "at «www.example.net», there",
                "«example.com/path»",
            ],
            misses: ["http://host", "file:///etc/passwd", "node.common", "see example.comic"]),
        DetectorCase(
            "ip", ["from «192.0.2.17»", "«2001:db8::1», then", "[«fe80::1»]:80", "«10.0.0.0/8»", "«::ffff:192.0.2.1»"],
            misses: ["version 1.2.3", "256.1.1.1", "12:34:56", "std::vector", "2001:db8", "1::2::3"]),
        DetectorCase(
            "mac-address", ["«00:1a:2b:3c:4d:5e»", "card «AA-BB-CC-DD-EE-01» up"],
            misses: ["00:1a:2b:3c:4d", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "00:1a:2b:3c:4d:5e:6f"]),
        DetectorCase(
            "card", ["«4111 1111 1111 1111»", "pay «5555555555554444» now", "«3782-822463-10005»"],
            misses: ["4111 1111 1111 1112", "9111111111111111", "0000 0000 0000 0000"]),
        DetectorCase(
            "iban", ["«DE89 3704 0044 0532 0130 00»", "to «gb82west12345698765432»"],
            misses: ["DE89 3704 0044 0532 0130 01", "DE89370400440532", "ZZ89370400440532013000"]),
        DetectorCase(
            "crypto-address",
            [
                "«1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2»", "«bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq»",
                "«0x52908400098527886E0F7030069857D2E4169EE7»",
            ],
            misses: ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp"]),
        DetectorCase(
            "phone",
            [
                "call «+49 30 901820»", "(fax «(415) 555-0132»)", "«212-555-0187 x12» is it", "phone: «33 93 31»",
                "«001-748-288-2851»",
            ],
            misses: ["1.2.3", "in 2020", "12 34", "+0 123 456 789"]),
        DetectorCase(
            "date", ["on «2024-05-31»", "«5/20/2021»", "«2024-03-15T14:30:00.123Z»", "«21-May-2024»"],
            misses: ["2024-13-01", "1/2", "99/99/2021"]),
        DetectorCase("date-of-birth", ["born «3/23/1940»", "DOB: «1993-01-04»"], misses: ["born in 1940"]),
    ]

    private static let america = [
        DetectorCase(
            "us-ssn", ["«536-90-4399»", "SSN «536904399»"],
            misses: ["666-12-1234", "000-12-1234", "536-00-4399", "1536-90-4399"]),
        DetectorCase("us-itin", ["«911-70-1234»"], misses: ["911-10-1234", "811-70-1234"]),
        DetectorCase("us-npi", ["NPI «1234567893»"], misses: ["1234567890"]),
        DetectorCase("us-mbi", ["«1EG4-TE5-MK73»", "MBI «1EG4TE5MK73»"], misses: ["1SG4-TE5-MK73", "AEG4TE5MK73"]),
        DetectorCase("us-aba-routing", ["«0711-0130-7»"], misses: ["0711-0130-8"]),
        DetectorCase("us-bank-account", ["account number «945456787654»"], misses: ["945456787654321098"]),
        DetectorCase("us-passport", ["passport «A12803456»"], misses: ["part A12803456X"]),
        DetectorCase(
            "us-driver-license", ["license number is «U62928788557186»"], misses: ["the U62928788557186 part"]),
        DetectorCase("ca-sin", ["SIN «130 692 544»"], misses: ["030 692 544"]),
        DetectorCase("uk-nino", ["«AB 12 34 56 C»", "«AB123456C»"], misses: ["AB 12 34 56 H", "BG123456A"]),
        DetectorCase("uk-nhs", ["NHS «943 476 5919»"], misses: ["NHS 943 476 5918"]),
        DetectorCase("uk-driving-licence", ["«MORGA607054SM9IJ»"], misses: ["MORGA699994SM9IJ"]),
        DetectorCase("uk-postcode", ["«SW1A 1AA»", "«M60 1NW»"], misses: ["VA1 1AA", "M1 1CA", "sw1a 1aa"]),
        DetectorCase("uk-passport", ["passport «XY9876543»"], misses: ["XY98765432"]),
        DetectorCase("uk-vehicle-registration", ["«AB51 ABC»"], misses: ["IB51 ABC", "AB35 ABC"]),
    ]

    private static let europe = [
        DetectorCase("de-vat-id", ["«DE 136 695 976»", "«DE136695976»"], misses: ["DE136695975", "DE13669597"]),
        DetectorCase("de-tax-id", ["Steuer-ID «86095742719»"], misses: ["86095742710"]),
        DetectorCase("de-tax-number", ["«93/815/08152»", "Steuernummer «0981508150999»"], misses: ["0081508150001"]),
        DetectorCase("de-pension-insurance", ["«15070649C103»"], misses: ["15070049C103", "15070649C104"]),
        DetectorCase("de-health-insurance", ["«A123456780»"], misses: ["A123456787"]),
        DetectorCase("de-identity-document", ["«L01X00T44»"], misses: ["L01X00T45", "C01234567"]),
        DetectorCase("de-driving-licence", ["«BO12345678A»"], misses: ["BO12345678AB"]),
        DetectorCase("de-lanr", ["Arztnummer «123456601»"], misses: ["LANR 123456701"]),
        DetectorCase("de-bsnr", ["BSNR «711234567»"], misses: ["the 711234567"]),
        DetectorCase("de-handelsregister", ["im «HRB 12345»"], misses: ["HRC 12345", "HRB 1"]),
        DetectorCase("de-postcode", ["PLZ «10115»"], misses: ["10115", "PLZ 00999"]),
        DetectorCase("de-vehicle-registration", ["«B-AB 1234»".replacing(" ", with: "-")], misses: ["b-ab-1234"]),
        DetectorCase("es-nif", ["«12345678Z»"], misses: ["12345678A"]),
        DetectorCase("es-nie", ["«Y8063915Z»"], misses: ["Y8063915Q"]),
        DetectorCase("es-passport", ["«XYZ987654»"], misses: ["XYZ98765"]),
        DetectorCase("it-fiscal-code", ["«RSSMRA85T10A562S»"], misses: ["RSSMRA85Z10A562S"]),
        DetectorCase("it-vat", ["P.IVA «01333550323»"], misses: ["01333550324"]),
        DetectorCase("it-driving-licence", ["«U1H00B000C»"], misses: ["X1H00B0001"]),
        DetectorCase("it-identity-card", ["«AA12345BB»"], misses: ["AA1234BB"]),
        DetectorCase("it-passport", ["passaporto «YA1234567»"], misses: ["YA123456"]),
        DetectorCase("fi-personal-identity-code", ["«131052-308T»"], misses: ["131052-308U", "310289-211C"]),
        DetectorCase("se-personnummer", ["«198112189876»", "«811218-9876»"], misses: ["198112189875", "811318-9876"]),
        DetectorCase("se-organisationsnummer", ["«212000-0142»"], misses: ["212000-0143"]),
        DetectorCase("pl-pesel", ["«44051401458»"], misses: ["44051401459", "44131401458"]),
        DetectorCase("tr-national-id", ["«10000000146»"], misses: ["10000000145"]),
        DetectorCase("tr-license-plate", ["«34 ABC 1234»"], misses: ["82 ABC 1234", "34 abc 1234"]),
    ]

    private static let asia = [
        DetectorCase("in-aadhaar", ["«3123-4567-8909»"], misses: ["3123-4567-8908"]),
        DetectorCase("in-pan", ["«ABCPD1234Z»"], misses: ["ABCPD123Z"]),
        DetectorCase("in-gstin", ["«27ABCDE1234F1Z5»"], misses: ["38ABCDE1234F1Z5", "27ABCDE1234F1X5"]),
        DetectorCase("in-passport", ["«T3569075»"], misses: ["T0569075", "T356907"]),
        DetectorCase("in-voter", ["voter «KSD1287349»"], misses: ["KS1287349X"]),
        DetectorCase("in-vehicle-registration", ["«KA99ME3456»"], misses: ["XX99ME3456"]),
        DetectorCase("kr-rrn", ["«960121-1234567»"], misses: ["961321-1234567", "960303-0021413"]),
        DetectorCase("kr-brn", ["«104-86-56659»"], misses: ["104-86-56658"]),
        DetectorCase("kr-passport", ["«M123A4567»"], misses: ["A123B4567", "M123456789"]),
        DetectorCase("kr-driving-licence", ["«11-22-123456-12»"], misses: ["99-22-123456-12"]),
        DetectorCase("sg-nric", ["«S1234567D»"], misses: ["Q1234567D"]),
        DetectorCase("sg-uen", ["«53125226D»", "«T16RF0037C»"], misses: ["53125226A"]),
        DetectorCase("th-national-id", ["«1220000000007»"], misses: ["1220000000008", "1034567890124"]),
        DetectorCase("ph-tin", ["TIN «000-123-456»"], misses: ["000-123-456"]),
    ]

    private static let elsewhere = [
        DetectorCase("au-abn", ["«51 824 753 556»"], misses: ["51 824 753 557"]),
        DetectorCase("au-acn", ["ACN «004 085 616»"], misses: ["004 085 617"]),
        DetectorCase("au-tfn", ["TFN «876 543 210»"], misses: ["876 543 211"]),
        DetectorCase("au-medicare", ["Medicare «2123456701»"], misses: ["Medicare 2123456711"]),
        DetectorCase("za-id", ["«8001015009087»"], misses: ["8001015009086", "8013015009087"]),
        DetectorCase(
            "ng-nin", ["NIN «12345678906»".replacing("12345678906", with: ninWithCheck)], misses: ["NIN 12345678900"]),
        DetectorCase("ng-vehicle-registration", ["«ABJ-001AA»"], misses: ["AB-1234CD", "abj-001aa"]),
    ]

    /// Ten digits and Verhoeff's check of them.
    private static let ninWithCheck: String =
        (0...9).map { "1234567890\($0)" }.first { text in
            Array(text.utf8).withUnsafeBufferPointer { Checksum.verhoeff($0) }
        } ?? ""
}
