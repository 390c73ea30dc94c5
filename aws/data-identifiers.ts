/**
 * The managed data identifiers of CloudWatch Logs for credentials, which masking always masks.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protect-sensitive-log-data-types-credentials.html
 */
export const CREDENTIALS: readonly string[] = [
  ...["AwsSecretKey", "OpenSshPrivateKey", "PgpPrivateKey", "PkcsPrivateKey", "PuttyPrivateKey"],
];

/** The identifiers of one kind of data, one for each country. */
const ofCountries = (kind: string, countries: string) =>
  countries.split(" ").map((country) => `${kind}-${country}`);

const LICENCES =
  "AT AU BE BG CA CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK US";

/**
 * The other managed data identifiers of CloudWatch Logs, by the last part of their ARN.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-managed-data-identifiers.html
 */
export const OTHER_IDENTIFIERS: readonly string[] = [
  ...["Address", "EmailAddress", "IpAddress", "LatLong", "Name", "VehicleIdentificationNumber"],
  ...["CreditCardExpiration", "CreditCardNumber", "CreditCardSecurityCode"],
  ...ofCountries("BankAccountNumber", "DE ES FR GB IT US"),
  ...["CepCode-BR", "Cnpj-BR", "CpfCode-BR", "RgNumber-BR", "InseeCode-FR"],
  ...ofCountries("DriversLicense", LICENCES),
  ...["DrugEnforcementAgencyNumber-US", "ElectoralRollNumber-GB", "HealthInsuranceCardNumber-EU"],
  ...["HealthInsuranceClaimNumber-US", "HealthInsuranceNumber-FR", "HealthcareProcedureCode-US"],
  ...["IndividualTaxIdentificationNumber-US", "MedicareBeneficiaryNumber-US", "NationalDrugCode-US"],
  ...ofCountries("NationalIdentificationNumber", "DE ES IT"),
  ...["NationalInsuranceNumber-GB", "NationalProviderId-US", "NhsNumber-GB", "NieNumber-ES", "NifNumber-ES"],
  ...ofCountries("PassportNumber", "CA DE ES FR GB IT US"),
  ...["PermanentResidenceNumber-CA", "PersonalHealthNumber-CA"],
  "PhoneNumber",
  ...ofCountries("PhoneNumber", "BR DE ES FR GB IT US"),
  ...["PostalCode-CA", "SocialInsuranceNumber-CA", "Ssn-ES", "Ssn-US", "ZipCode-US"],
  ...ofCountries("TaxId", "DE ES FR GB"),
];
