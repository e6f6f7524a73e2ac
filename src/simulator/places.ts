/** A city where listeners live. */
export interface Place {
  city: string
  country: string
  /** IANA name of its time zone. */
  zone: string
  /** Relative number of listeners. */
  weight: number
}

// Weights roughly follow the size of the city and how common streaming is there.
const CITIES: Record<string, Record<string, number>> = {
  Argentina: { 'Buenos Aires': 10, Córdoba: 3 },
  Australia: { Sydney: 9, Melbourne: 9, Brisbane: 4, Perth: 3 },
  Austria: { Vienna: 4 },
  Belgium: { Brussels: 4, Antwerp: 2 },
  Brazil: { 'São Paulo': 16, 'Rio de Janeiro': 10, 'Belo Horizonte': 4, Recife: 3 },
  Canada: { Toronto: 9, Montreal: 6, Vancouver: 5 },
  Chile: { Santiago: 7 },
  Colombia: { Bogotá: 7, Medellín: 4 },
  Czechia: { Prague: 3 },
  Denmark: { Copenhagen: 4 },
  Egypt: { Cairo: 6 },
  Finland: { Helsinki: 3 },
  France: { Paris: 14, Lyon: 4, Marseille: 4, Toulouse: 2 },
  Germany: { Berlin: 10, Hamburg: 5, Munich: 5, Cologne: 4 },
  Ghana: { Accra: 2 },
  'Hong Kong': { 'Hong Kong': 5 },
  Hungary: { Budapest: 3 },
  India: { Mumbai: 11, Delhi: 11, Bengaluru: 8, Chennai: 4 },
  Indonesia: { Jakarta: 12, Bandung: 4, Surabaya: 3 },
  Ireland: { Dublin: 4 },
  Italy: { Milan: 6, Rome: 6, Naples: 3 },
  Japan: { Tokyo: 16, Osaka: 8, Nagoya: 3, Fukuoka: 3, Sapporo: 2 },
  Mexico: { 'Mexico City': 15, Guadalajara: 6, Monterrey: 5 },
  Morocco: { Casablanca: 2 },
  Netherlands: { Amsterdam: 5, Rotterdam: 3 },
  'New Zealand': { Auckland: 3 },
  Nigeria: { Lagos: 6, Abuja: 2 },
  Norway: { Oslo: 3 },
  Peru: { Lima: 6 },
  Philippines: { Manila: 9, 'Cebu City': 3 },
  Poland: { Warsaw: 5, Kraków: 3 },
  Portugal: { Lisbon: 4, Porto: 2 },
  Singapore: { Singapore: 4 },
  'South Africa': { Johannesburg: 4, 'Cape Town': 4 },
  'South Korea': { Seoul: 13, Busan: 4 },
  Spain: { Madrid: 8, Barcelona: 7, Valencia: 3 },
  Sweden: { Stockholm: 5, Gothenburg: 2 },
  Switzerland: { Zurich: 3 },
  Taiwan: { Taipei: 5 },
  Türkiye: { Istanbul: 8, Ankara: 3 },
  'United Arab Emirates': { Dubai: 3 },
  'United Kingdom': { London: 15, Manchester: 5, Birmingham: 3, Glasgow: 3 },
  'United States': {
    'New York': 16,
    'Los Angeles': 14,
    Chicago: 8,
    Houston: 6,
    Atlanta: 5,
    Seattle: 4,
    Nashville: 3,
    Austin: 3,
  },
  Vietnam: { 'Ho Chi Minh City': 6, Hanoi: 4 },
}

// For countries with several zones, by city.
const ZONES: Record<string, string | Record<string, string>> = {
  Argentina: 'America/Argentina/Buenos_Aires',
  Australia: {
    Sydney: 'Australia/Sydney',
    Melbourne: 'Australia/Melbourne',
    Brisbane: 'Australia/Brisbane',
    Perth: 'Australia/Perth',
  },
  Austria: 'Europe/Vienna',
  Belgium: 'Europe/Brussels',
  Brazil: {
    'São Paulo': 'America/Sao_Paulo',
    'Rio de Janeiro': 'America/Sao_Paulo',
    'Belo Horizonte': 'America/Sao_Paulo',
    Recife: 'America/Recife',
  },
  Canada: { Toronto: 'America/Toronto', Montreal: 'America/Toronto', Vancouver: 'America/Vancouver' },
  Chile: 'America/Santiago',
  Colombia: 'America/Bogota',
  Czechia: 'Europe/Prague',
  Denmark: 'Europe/Copenhagen',
  Egypt: 'Africa/Cairo',
  Finland: 'Europe/Helsinki',
  France: 'Europe/Paris',
  Germany: 'Europe/Berlin',
  Ghana: 'Africa/Accra',
  'Hong Kong': 'Asia/Hong_Kong',
  Hungary: 'Europe/Budapest',
  India: 'Asia/Kolkata',
  Indonesia: 'Asia/Jakarta',
  Ireland: 'Europe/Dublin',
  Italy: 'Europe/Rome',
  Japan: 'Asia/Tokyo',
  Mexico: {
    'Mexico City': 'America/Mexico_City',
    Guadalajara: 'America/Mexico_City',
    Monterrey: 'America/Monterrey',
  },
  Morocco: 'Africa/Casablanca',
  Netherlands: 'Europe/Amsterdam',
  'New Zealand': 'Pacific/Auckland',
  Nigeria: 'Africa/Lagos',
  Norway: 'Europe/Oslo',
  Peru: 'America/Lima',
  Philippines: 'Asia/Manila',
  Poland: 'Europe/Warsaw',
  Portugal: 'Europe/Lisbon',
  Singapore: 'Asia/Singapore',
  'South Africa': 'Africa/Johannesburg',
  'South Korea': 'Asia/Seoul',
  Spain: 'Europe/Madrid',
  Sweden: 'Europe/Stockholm',
  Switzerland: 'Europe/Zurich',
  Taiwan: 'Asia/Taipei',
  Türkiye: 'Europe/Istanbul',
  'United Arab Emirates': 'Asia/Dubai',
  'United Kingdom': 'Europe/London',
  'United States': {
    'New York': 'America/New_York',
    'Los Angeles': 'America/Los_Angeles',
    Chicago: 'America/Chicago',
    Houston: 'America/Chicago',
    Atlanta: 'America/New_York',
    Seattle: 'America/Los_Angeles',
    Nashville: 'America/Chicago',
    Austin: 'America/Chicago',
  },
  Vietnam: 'Asia/Ho_Chi_Minh',
}

function zoneOf(city: string, country: string): string {
  const zones = ZONES[country]
  const zone = typeof zones === 'string' ? zones : zones?.[city]
  if (zone === undefined) throw new RangeError(`There is no time zone for ${city}, ${country}.`)
  return zone
}

/** All cities with their countries. */
export const PLACES: readonly Place[] = Object.entries(CITIES).flatMap(([country, cities]) =>
  Object.entries(cities).map(([city, weight]) => ({ city, country, zone: zoneOf(city, country), weight })),
)
